import { Failure, type MessageContent, type MessageRow } from '@roost/protocol';
import type { CommandContext } from '../../commands/index.ts';
import type { Tx } from '../../store/database.ts';
import { indexMessage, reindexMessage } from '../search/write.ts';

export const MESSAGE_COLUMNS = [
  'org',
  'id',
  'version',
  'inbox_id',
  'conversation_id',
  'via',
  'kind',
  'author_id',
  'mailbox_id',
  'decision',
  'external_id',
  'source',
  'row',
  'content',
] as const;

/** A message's content as it is stored: with the blob of each attachment, in their order. */
export type StoredContent = MessageContent & { readonly blobs: readonly string[] };

export interface NewMessage {
  readonly row: MessageRow;
  readonly external_id: string | null;
  readonly content: StoredContent;
}

/** Stores a message that somebody here wrote, or the server itself, and logs it. */
export async function insertMessage(
  context: CommandContext,
  { row, external_id, content }: NewMessage,
): Promise<void> {
  const { tx, org } = context;
  await tx.insertMany('message', MESSAGE_COLUMNS, [
    [
      org,
      row.id,
      row.version,
      row.inbox_id ?? '',
      row.conversation_id,
      row.via,
      row.kind,
      row.author_id,
      row.mail?.mailbox_id ?? null,
      row.mail?.decision ?? 'INBOX',
      external_id,
      null,
      JSON.stringify(row),
      JSON.stringify(content),
    ],
  ]);
  const blobs = [...new Set(content.blobs)].map((digest) => [org, row.id, digest]);
  if (blobs.length > 0) await tx.insertMany('blob_reference', ['org', 'message_id', 'digest'], blobs);
  await indexMessage(context, row, content.text);
  context.changed('message', row.id, null, row);
}

/** Stores what a message now is, and logs it. Its content stays as it is. */
export async function rewriteMessage(
  context: CommandContext,
  before: MessageRow,
  now: MessageRow,
): Promise<MessageRow> {
  const after = { ...now, version: context.offset };
  await context.tx.run(
    'update message set version = ?, "row" = ? where org = ? and id = ?',
    after.version,
    JSON.stringify(after),
    context.org,
    after.id,
  );
  await reindexMessage(context, before, after);
  context.changed('message', after.id, before, after);
  return after;
}

/** @throws message.unknown */
export async function knownMessage(tx: Tx, org: string, id: string): Promise<MessageRow> {
  const found = await tx.get<{ row: string }>('select "row" from message where org = ? and id = ?', org, id);
  if (!found) throw new Failure('message.unknown');
  return JSON.parse(found.row);
}
