import { Failure, type MessageRow } from '@roost/protocol';
import { z } from 'zod';
import { defineQuery, EVERY_ROLE, type QueryContext } from '../../commands/index.ts';
import { hiddenFrom, readAccess } from '../access/hidden.ts';
import { visibleConversation } from '../conversations/visible.ts';

export interface AttachmentFound {
  readonly filename: string;
  readonly content_type: string;
  readonly blob: string;
}

/** @throws message.unknown, attachment.unknown */
export const findAttachment = defineQuery({
  name: 'message.attachment',
  input: z.object({ message_id: z.string(), index: z.int().min(0) }),
  may: { roles: EVERY_ROLE, scope: 'read' },
  async run(context, { message_id, index }): Promise<AttachmentFound> {
    const message = await seenMessage(context, message_id);
    const content = JSON.parse(message.content);
    const attachment = content.attachments[index];
    if (!attachment) throw new Failure('attachment.unknown');
    return {
      filename: attachment.filename,
      content_type: attachment.content_type,
      blob: content.blobs[index],
    };
  },
});

/** The blob of a message as it came. @throws message.unknown */
export const findSource = defineQuery({
  name: 'message.source',
  input: z.object({ message_id: z.string() }),
  may: { roles: EVERY_ROLE, scope: 'read' },
  async run(context, { message_id }): Promise<string> {
    const message = await seenMessage(context, message_id);
    if (!message.source) throw new Failure('message.unknown');
    return message.source;
  },
});

/** To whoever may not see it, there is no such message. @throws message.unknown */
export async function seenMessage(
  { tx, org, actor }: QueryContext,
  id: string,
): Promise<{ row: string; source: string | null; content: string }> {
  const found = await tx.get<{ row: string; source: string | null; content: string }>(
    'select "row", source, content from message where org = ? and id = ?',
    org,
    id,
  );
  if (!found) throw new Failure('message.unknown');
  const { inbox_id, conversation_id, mail } = JSON.parse(found.row) as MessageRow;
  const isKept = mail?.decision === 'QUARANTINE' && actor.kind !== 'system';
  if (isKept && !(await readAccess(tx, org, actor.user_id)).admin) throw new Failure('message.unknown');
  if (inbox_id !== null && (await hiddenFrom(tx, org, actor)).includes(inbox_id))
    throw new Failure('message.unknown');
  if (inbox_id === null && conversation_id !== null)
    await visibleConversation(tx, org, actor, conversation_id);
  return found;
}

/** Which of these blobs some message still holds. */
export const referencedBlobs = defineQuery({
  name: 'blob.referenced',
  input: z.object({ digests: z.array(z.string()).max(500) }),
  may: { roles: [] },
  async run({ tx }, { digests }): Promise<string[]> {
    if (digests.length === 0) return [];
    const marks = digests.map(() => '?').join(', ');
    const found = await tx.all<{ digest: string }>(
      `select distinct digest from blob_reference where digest in (${marks})`,
      ...digests,
    );
    return found.map(({ digest }) => digest);
  },
});
