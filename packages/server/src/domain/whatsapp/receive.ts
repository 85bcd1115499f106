import { z } from 'zod';
import { type CommandContext, defineCommand } from '../../commands/index.ts';
import { externalIdentity } from '../contacts/identity.ts';
import { contactKey, learnKeys } from '../conversations/inbound.ts';
import { acceptMessages } from '../messages/accept.ts';
import { arrival } from '../messages/arrival.ts';

/** A file that a part of a message stands for, and that is still to be fetched. */
const waitingFile = z.object({ part: z.int().min(0), file_id: z.string(), sha256: z.string().nullable() });

const input = z.object({
  messages: z
    .array(
      z.object({
        arrival,
        files: z.array(waitingFile).max(10),
        /** Another name of the sender, by which alone they may write one day. */
        alias: z.string().min(1).max(200).nullable().default(null),
      }),
    )
    .min(1)
    .max(500),
});

export interface Received {
  /** Ids of the messages that were not here before. */
  readonly message_ids: readonly string[];
  readonly repeated_count: number;
  /** Whether some of them have files that are to be fetched. */
  readonly has_files: boolean;
}

/** Takes messages of customers into the store, with the files that are still to be fetched for them. */
export const receiveWhatsApp = defineCommand({
  name: 'whatsapp.receive',
  input,
  may: { roles: [] },
  weight: ({ messages }) => messages.length,
  foresee: async (context, { messages }) =>
    acceptMessages.foresee?.(context, { arrivals: messages.map(({ arrival }) => arrival) }),
  async run(context, { messages }): Promise<Received> {
    const accepted = await acceptMessages.run(context, { arrivals: messages.map(({ arrival }) => arrival) });
    const fresh = messages.flatMap((message, at) => {
      const answer = accepted[at];
      const id = answer?.message_ids[0];
      return answer && !answer.repeated && id !== undefined ? [{ id, message }] : [];
    });
    // The same message twice in one webhook is one message.
    const byId = new Map(fresh.map(({ id, message }) => [id, message]));
    const files = [...byId].flatMap(([id, { arrival, files }]) =>
      files.map((file) => ({ ...file, id, inbox_id: arrival.inbox_id ?? '' })),
    );
    if (files.length > 0) await keepFiles(context, files);
    for (const [id, { arrival, alias }] of byId)
      if (alias !== null) await learnAlias(context, arrival.inbox_id ?? '', id, alias);
    return {
      message_ids: [...byId.keys()],
      repeated_count: messages.length - byId.size,
      has_files: files.length > 0,
    };
  },
});

/**
 * Whoever shows their number today may hide it tomorrow, and is then known by their user id alone: it leads to the same
 * contact and conversation from now on. What it led to before stays.
 */
async function learnAlias(
  context: CommandContext,
  inboxId: string,
  messageId: string,
  alias: string,
): Promise<void> {
  const { tx, org } = context;
  const identity = externalIdentity(alias);
  const known = await tx.get(
    'select 1 as one from thread_key where org = ? and inbox_id = ? and key = ?',
    org,
    inboxId,
    contactKey(identity),
  );
  if (known) return;
  const found = await tx.get<{ id: string; contact_id: string | null }>(
    `select c.id, c.contact_id from message m join conversation c on c.org = m.org and c.id = m.conversation_id
      where m.org = ? and m.id = ?`,
    org,
    messageId,
  );
  if (!found?.contact_id) return;
  await learnKeys(context, inboxId, [contactKey(identity)], found.id);
  await tx.run(
    `insert into contact_identity (org, kind, value, contact_id) values (?, ?, ?, ?)
       on conflict (org, kind, value) do nothing`,
    org,
    identity.kind,
    identity.value,
    found.contact_id,
  );
}

type KeptFile = z.output<typeof waitingFile> & { readonly id: string; readonly inbox_id: string };

async function keepFiles({ tx, org, now }: CommandContext, files: readonly KeptFile[]): Promise<void> {
  await tx.insertMany(
    'whatsapp_file',
    ['org', 'message_id', 'part', 'inbox_id', 'file_id', 'sha256', 'attempts', 'next_at', 'lease_until'],
    files.map((file) => [org, file.id, file.part, file.inbox_id, file.file_id, file.sha256, 0, now, 0]),
  );
}
