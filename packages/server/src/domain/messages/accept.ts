import { Failure, type InboxRow, localPart, type MessageRow } from '@roost/protocol';
import { z } from 'zod';
import {
  type CommandContext,
  defineCommand,
  EVERY_ROLE,
  type ForesightContext,
} from '../../commands/index.ts';
import { readAccess } from '../access/hidden.ts';
import { answerByItself } from '../auto-reply/index.ts';
import { emailIdentity, normalIdentity } from '../contacts/identity.ts';
import { ConversationBook } from '../conversations/book.ts';
import { conversationFor, foreseeConversation, type Origin, withInbound } from '../conversations/inbound.ts';
import { inboxFinder } from '../inboxes/address.ts';
import { inboxesOf } from '../inboxes/queries.ts';
import { type Filed, fileMail, placeOf, recordDrop } from '../mail/file.ts';
import { MailboxBook } from '../mailboxes/mailbox.ts';
import { type MailReport, reportedMessage, takeReport, withReturned } from '../outbox/returned.ts';
import { countHits } from '../rules/commands.ts';
import { domainsOf, policyOf, ruleBook } from '../rules/store.ts';
import { indexMessage } from '../search/write.ts';
import { type ArrivalRead, arrival } from './arrival.ts';
import { authorOf } from './author.ts';
import { MESSAGE_COLUMNS } from './store.ts';
import { mailKeys } from './thread-keys.ts';

export interface Accepted {
  /**
   * The messages now in the store for this arrival, one for each inbox its recipients belong to. Those in quarantine
   * are named to the server itself and to admins only.
   */
  readonly message_ids: readonly string[];
  /** True when every one of them was there before, with these recipients. */
  readonly repeated: boolean;
  /** What became of it where it got furthest. */
  readonly outcome: 'stored' | 'repeated' | 'quarantined' | 'dropped';
}

/** Takes arrived messages into the store, all or none: find the inbox, recognise a repeat, write. */
export const acceptMessages = defineCommand({
  name: 'message.accept',
  input: z.object({ arrivals: z.array(arrival).min(1).max(500) }),
  may: { roles: EVERY_ROLE.filter((role) => role !== 'viewer'), scope: 'ingest' },
  weight: ({ arrivals }) => arrivals.length,
  async foresee(context, { arrivals }) {
    const parcels = await parcelsOf(context, arrivals);
    await Promise.all([
      findRepeats(context, parcels),
      ...parcels.map((parcel) => foreseeThread(context, parcel)),
    ]);
  },
  async run(context, { arrivals }): Promise<Accepted[]> {
    const parcels = await parcelsOf(context, arrivals);
    const known = await findRepeats(context, parcels);
    const book = new ConversationBook(context);
    const mailboxes = new MailboxBook(context);
    const writer = new Writer(context, book, mailboxes);
    const hits = new Map<string, number>();
    const accepted = arrivals.map(() => ({
      message_ids: [] as string[],
      repeated: true,
      lie: new Set<Lies>(),
    }));
    for (const parcel of parcels) {
      const answer = accepted[parcel.of] as (typeof accepted)[number];
      const repeat = parcel.arrival.external_id === null ? undefined : known.get(repeatKey(parcel));
      const filed = repeat || !isFiled(parcel) ? null : await file(context, parcel);
      for (const id of filed?.hits ?? []) hits.set(id, (hits.get(id) ?? 0) + 1);
      if (filed?.decision === 'DROP') {
        await recordDrop(context, parcel.inbox, parcel.arrival, parcel.to, filed);
        answer.repeated = false;
        answer.lie.add('dropped');
        continue;
      }
      const row = repeat ? await writer.addRecipients(repeat, parcel.to) : await writer.insert(parcel, filed);
      if (row !== repeat) answer.repeated = false;
      if (!repeat && filed) await answerByItself(context, { book, mailboxes }, { ...parcel, row });
      if (parcel.arrival.external_id !== null) known.set(repeatKey(parcel), row);
      const isKeptBack = row.mail?.decision === 'QUARANTINE';
      answer.lie.add(isKeptBack ? 'quarantined' : 'stored');
      if (!isKeptBack || (await seesQuarantine(context))) answer.message_ids.push(row.id);
    }
    await writer.write();
    await book.write();
    await mailboxes.write();
    await countHits(context, hits);
    for (const [key, row] of known) context.learn(key, row);
    return accepted.map(({ lie, ...answer }) => ({ ...answer, outcome: outcomeOf(answer.repeated, lie) }));
  },
});

type Lies = 'stored' | 'quarantined' | 'dropped';

function outcomeOf(isRepeated: boolean, lie: ReadonlySet<Lies>): Accepted['outcome'] {
  if (isRepeated) return 'repeated';
  return lie.has('stored') ? 'stored' : lie.has('quarantined') ? 'quarantined' : 'dropped';
}

/** Who brings a mail is not told of it by an id that they may not open. */
async function seesQuarantine({ tx, org, actor }: CommandContext): Promise<boolean> {
  return actor.kind === 'system' || (await readAccess(tx, org, actor.user_id)).admin;
}

interface Parcel {
  /** Which of the arrivals. */
  readonly of: number;
  readonly arrival: ArrivalRead;
  readonly inbox: InboxRow;
  readonly to: readonly string[];
}

/** @throws address.unknown */
async function parcelsOf(context: ForesightContext, arrivals: readonly ArrivalRead[]): Promise<Parcel[]> {
  const known = await context.once(`inboxes:${context.org}`, async () => {
    const inboxes = await inboxesOf(context.tx, context.org);
    return { byId: new Map(inboxes.map((inbox) => [inbox.id, inbox])), find: inboxFinder(inboxes) };
  });
  return arrivals.flatMap((arrival, of) => {
    if (arrival.inbox_id === null) return byInbox(arrival, of, known.find);
    const inbox = known.byId.get(arrival.inbox_id);
    if (!inbox) throw new Failure('inbox.unknown');
    return [{ of, arrival, inbox, to: arrival.to }];
  });
}

/** One parcel for each inbox. @throws address.unknown  nobody takes mail for one of the recipients */
function byInbox(arrival: ArrivalRead, of: number, inboxOf: (address: string) => InboxRow | null): Parcel[] {
  if (arrival.to.length === 0) throw new Failure('address.unknown', 'The message names no recipient.');
  const parcels = new Map<string, { of: number; arrival: ArrivalRead; inbox: InboxRow; to: string[] }>();
  for (const address of arrival.to) {
    const inbox = inboxOf(address);
    if (!inbox) throw new Failure('address.unknown', `No inbox takes mail for ${address.slice(0, 320)}.`);
    const parcel = parcels.get(inbox.id);
    if (parcel) parcel.to.push(address);
    else parcels.set(inbox.id, { of, arrival, inbox, to: [address] });
  }
  return [...parcels.values()];
}

function repeatKey(parcel: Parcel): string {
  return `repeat:${parcel.inbox.id}:${parcel.arrival.external_id}`;
}

async function findRepeats(
  context: ForesightContext,
  parcels: readonly Parcel[],
): Promise<Map<string, MessageRow>> {
  const found = new Map<string, MessageRow>();
  await Promise.all(
    parcels.map(async (parcel) => {
      if (parcel.arrival.external_id === null) return;
      const message = await context.foreseen(repeatKey(parcel), () => findRepeat(context, parcel));
      if (message) found.set(repeatKey(parcel), message);
    }),
  );
  return found;
}

async function findRepeat({ tx, org }: ForesightContext, parcel: Parcel): Promise<MessageRow | null> {
  const message = await tx.get<{ row: string }>(
    'select "row" from message where org = ? and inbox_id = ? and external_id = ?',
    org,
    parcel.inbox.id,
    parcel.arrival.external_id,
  );
  return message ? JSON.parse(message.row) : null;
}

/** Collects what one command writes, so that it costs a few statements however many messages it holds. */
class Writer {
  private readonly messages = new Map<string, { row: MessageRow; parcel: Parcel }>();

  constructor(
    private readonly context: CommandContext,
    private readonly book: ConversationBook,
    private readonly mailboxes: MailboxBook,
  ) {}

  /** @param filed  what the rules said of it; null for what no rule is asked about */
  async insert(parcel: Parcel, filed: Filed | null): Promise<MessageRow> {
    const { arrival, inbox } = parcel;
    const about = arrival.report && (await reportedMessage(this.context, inbox.id, arrival.report));
    if (arrival.report && about) return this.insertReport(parcel, arrival.report, about);
    const mail = filed && (await placeOf(this.mailboxes, inbox, filed));
    // Nobody who may not see it is to notice that it came: its conversation begins when it is let through.
    const conversation =
      inbox.threads && mail?.decision !== 'QUARANTINE'
        ? await conversationFor(this.context, this.book, inbox, originOf(arrival, inbox))
        : null;
    const row = await this.put(parcel, {
      conversation_id: conversation?.id ?? null,
      ...(mail && { mail }),
    });
    await this.mailboxes.count(null, row);
    if (conversation) this.book.put(withInbound(conversation, row, this.context.offset, this.context.now));
    return row;
  }

  /** What came back of a mail of ours stands with it: a line of the server's own, which nobody has to answer. */
  private async insertReport(parcel: Parcel, report: MailReport, about: MessageRow): Promise<MessageRow> {
    const { conversation_id } = about;
    const { says } = report;
    const row = await this.put(parcel, {
      conversation_id,
      kind: 'system',
      reply_to: about.id,
      text: says,
      snippet: says.slice(0, SNIPPET_MAX_CHARS),
    });
    await takeReport(this.context, about, report);
    if (conversation_id !== null && report.kind === 'failed')
      this.book.put(withReturned(await this.book.get(conversation_id), row));
    return row;
  }

  private async put(parcel: Parcel, some: Partial<MessageRow>): Promise<MessageRow> {
    const { arrival, inbox } = parcel;
    const row: MessageRow = {
      id: this.context.newId(),
      version: this.context.offset,
      inbox_id: inbox.id,
      conversation_id: null,
      via: inbox.kind,
      kind: 'inbound',
      author_id: null,
      received_at: new Date(this.context.now).toISOString(),
      from: arrival.from,
      to: [...parcel.to],
      subject: arrival.subject,
      snippet: arrival.snippet,
      text: arrival.text,
      parts: arrival.parts,
      reply_to: await this.answered(parcel),
      reactions: [],
      status: null,
      error: null,
      size_bytes: arrival.size_bytes,
      attachment_count: arrival.content.attachments.length,
      problem: arrival.problem,
      ...some,
    };
    this.messages.set(row.id, { row, parcel });
    return row;
  }

  private async answered({ arrival, inbox }: Parcel): Promise<string | null> {
    if (arrival.reply_to_external_id === null) return null;
    const found = await this.context.tx.get<{ id: string }>(
      'select id from message where org = ? and inbox_id = ? and external_id = ?',
      this.context.org,
      inbox.id,
      arrival.reply_to_external_id,
    );
    return found?.id ?? null;
  }

  /** The same mail for somebody else: the one message gains a recipient. */
  async addRecipients(known: MessageRow, to: readonly string[]): Promise<MessageRow> {
    const more = to.filter((address) => !known.to.includes(address));
    if (more.length === 0) return known;
    const row = { ...known, to: [...known.to, ...more], version: this.context.offset };
    const waiting = this.messages.get(known.id);
    if (waiting) {
      waiting.row = row;
      return row;
    }
    const { tx, org } = this.context;
    await tx.run(
      'update message set version = ?, "row" = ? where org = ? and id = ?',
      row.version,
      JSON.stringify(row),
      org,
      row.id,
    );
    if (row.mail?.decision !== 'QUARANTINE')
      await tx.insertMany('recipient', RECIPIENT_COLUMNS, recipients(org, row.id, more));
    this.context.changed('message', row.id, known, row);
    return row;
  }

  async write(): Promise<void> {
    const { tx, org, offset } = this.context;
    const messages = [...this.messages.values()];
    if (messages.length === 0) return;
    const blobs = messages.flatMap(({ row, parcel: { arrival } }) =>
      [...new Set([...(arrival.source ? [arrival.source] : []), ...arrival.attachment_blobs])].map(
        (digest) => [org, row.id, digest],
      ),
    );
    await Promise.all([
      tx.insertMany(
        'message',
        MESSAGE_COLUMNS,
        messages.map(({ row, parcel: { arrival, inbox } }) => [
          org,
          row.id,
          offset,
          inbox.id,
          row.conversation_id,
          row.via,
          row.kind,
          row.author_id,
          row.mail?.mailbox_id ?? null,
          row.mail?.decision ?? 'INBOX',
          arrival.external_id,
          arrival.source,
          JSON.stringify(row),
          JSON.stringify({
            ...arrival.content,
            has_source: arrival.source !== null,
            blobs: arrival.attachment_blobs,
          }),
        ]),
      ),
      tx.insertMany(
        'recipient',
        RECIPIENT_COLUMNS,
        messages.flatMap(({ row }) =>
          row.mail?.decision === 'QUARANTINE' ? [] : recipients(org, row.id, row.to),
        ),
      ),
      blobs.length > 0 && tx.insertMany('blob_reference', ['org', 'message_id', 'digest'], blobs),
    ]);
    for (const { row, parcel } of messages) {
      // Mail of inboxes without conversations comes in masses: a job indexes it soon after.
      if (row.conversation_id !== null) await indexMessage(this.context, row, parcel.arrival.content.text);
      this.context.changed('message', row.id, null, row);
    }
  }
}

/** Rules are about mail that comes by an envelope; what is told of mail of ours is ours to hear. */
function isFiled({ arrival, inbox }: Parcel): boolean {
  return inbox.kind === 'mail' && arrival.report === null;
}

/** @throws request.too_big  larger than every domain it is for takes */
async function file(context: CommandContext, { arrival, inbox, to }: Parcel): Promise<Filed> {
  const rules = await ruleBook(context);
  const bounds = domainsOf(to).map((domain) => policyOf(rules, domain).max_bytes);
  if (bounds.every((bytes) => bytes !== null && arrival.size_bytes > bytes))
    throw new Failure('request.too_big', 'The domain takes no mail of this size.');
  return fileMail(rules, inbox, arrival, to);
}

async function foreseeThread(context: ForesightContext, { arrival, inbox }: Parcel): Promise<void> {
  if (inbox.threads) await foreseeConversation(context, inbox.id, originOf(arrival, inbox));
}

/** What the message says of who wrote it and which conversation it belongs to. */
function originOf(arrival: ArrivalRead, inbox: InboxRow): Origin {
  const { sender, subject } = arrival;
  if (sender) return { identity: normalIdentity(sender), name: sender.name, subject, keys: [] };
  const { name, address } = authorOf(arrival.from);
  return {
    identity: emailIdentity(address),
    name,
    subject,
    keys: inbox.kind === 'mail' ? mailKeys(arrival.content.headers) : [],
  };
}

const SNIPPET_MAX_CHARS = 200;
const RECIPIENT_COLUMNS = ['org', 'message_id', 'address', 'local_part'] as const;

function recipients(org: string, messageId: string, to: readonly string[]) {
  return to.map((address) => [org, messageId, address, localPart(address)]);
}
