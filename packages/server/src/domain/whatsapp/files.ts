import type { MessagePart, MessageRow } from '@roost/protocol';
import { z } from 'zod';
import { type CommandContext, defineCommand, defineQuery } from '../../commands/index.ts';
import type { StoredContent } from '../messages/store.ts';

/** A file to be fetched. */
export interface WaitingFile {
  readonly org: string;
  readonly message_id: string;
  readonly part: number;
  readonly inbox_id: string;
  readonly file_id: string;
  readonly sha256: string | null;
  readonly attempts: number;
}

/** Files that may be fetched now, of all organisations, the longest waiting first. */
export const dueWhatsAppFiles = defineQuery({
  name: 'whatsapp.files_due',
  input: z.object({ now: z.int(), limit: z.int().min(1).max(100) }),
  may: { roles: [] },
  run: ({ tx }, { now, limit }) =>
    tx.all<WaitingFile>(
      `select org, message_id, part, inbox_id, file_id, sha256, attempts from whatsapp_file
        where next_at <= ? and lease_until <= ? order by next_at, org, message_id, part limit ?`,
      now,
      now,
      limit,
    ),
});

const which = { message_id: z.string(), part: z.int().min(0) };

/** Takes a file for an attempt. @returns false when another node has it, or it is over */
export const claimWhatsAppFile = defineCommand({
  name: 'whatsapp.file_claim',
  input: z.object({ ...which, lease_ms: z.int().min(1) }),
  may: { roles: [] },
  async run({ tx, org, now }, { message_id, part, lease_ms }): Promise<boolean> {
    const found = await tx.get<{ lease_until: number }>(
      'select lease_until from whatsapp_file where org = ? and message_id = ? and part = ?',
      org,
      message_id,
      part,
    );
    if (!found || found.lease_until > now) return false;
    await tx.run(
      `update whatsapp_file set lease_until = ?, attempts = attempts + 1
        where org = ? and message_id = ? and part = ?`,
      now + lease_ms,
      org,
      message_id,
      part,
    );
    return true;
  },
});

const outcome = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('fetched'),
    digest: z.string().regex(/^[0-9a-f]{64}$/),
    size_bytes: z.int().min(0),
    content_type: z.string().max(200),
  }),
  z.object({ kind: z.literal('later'), after_ms: z.int().min(0) }),
  z.object({ kind: z.literal('failed'), says: z.string().max(2_000) }),
]);

/** Records what became of an attempt: the file becomes an attachment of its message, or its part says why not. */
export const settleWhatsAppFile = defineCommand({
  name: 'whatsapp.file_settle',
  input: z.object({ ...which, outcome }),
  may: { roles: [] },
  async run(context, { message_id, part, outcome }): Promise<void> {
    const { tx, org, now } = context;
    const waiting = await tx.get(
      'select 1 as one from whatsapp_file where org = ? and message_id = ? and part = ?',
      org,
      message_id,
      part,
    );
    if (!waiting) return;
    if (outcome.kind === 'later') {
      await tx.run(
        'update whatsapp_file set next_at = ?, lease_until = 0 where org = ? and message_id = ? and part = ?',
        now + outcome.after_ms,
        org,
        message_id,
        part,
      );
      return;
    }
    await tx.run(
      'delete from whatsapp_file where org = ? and message_id = ? and part = ?',
      org,
      message_id,
      part,
    );
    const stored = await tx.get<{ row: string; content: string }>(
      'select "row", content from message where org = ? and id = ?',
      org,
      message_id,
    );
    // Deleted meanwhile: the blob is nobody's, and swept.
    if (!stored) return;
    const row = JSON.parse(stored.row) as MessageRow;
    const shown = row.parts[part];
    if (!shown || !('index' in shown)) return;
    if (outcome.kind === 'failed') {
      await rewrite(context, row, { ...shown, problem: outcome.says }, part, null);
      return;
    }
    const content = JSON.parse(stored.content) as StoredContent;
    const { digest, size_bytes, content_type } = outcome;
    const index = content.attachments.length;
    const attachment = {
      index,
      filename: shown.filename,
      content_type,
      size_bytes,
      content_id: null,
      inline: false,
    };
    await tx.run(
      'insert into blob_reference (org, message_id, digest) values (?, ?, ?) on conflict do nothing',
      org,
      message_id,
      digest,
    );
    await rewrite(context, row, { ...shown, index, content_type, size_bytes, problem: null }, part, {
      ...content,
      attachments: [...content.attachments, attachment],
      blobs: [...content.blobs, digest],
    });
  },
});

async function rewrite(
  context: CommandContext,
  before: MessageRow,
  shown: MessagePart,
  part: number,
  content: StoredContent | null,
): Promise<void> {
  const { tx, org, offset } = context;
  const after: MessageRow = {
    ...before,
    version: offset,
    parts: before.parts.map((one, at) => (at === part ? shown : one)),
    attachment_count: content?.attachments.length ?? before.attachment_count,
  };
  const set = content === null ? '' : ', content = ?';
  const values = content === null ? [] : [JSON.stringify(content)];
  await tx.run(
    `update message set version = ?, "row" = ?${set} where org = ? and id = ?`,
    offset,
    JSON.stringify(after),
    ...values,
    org,
    after.id,
  );
  context.changed('message', after.id, before, after);
}
