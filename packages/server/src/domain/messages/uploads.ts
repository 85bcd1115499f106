import { Failure } from '@roost/protocol';
import { z } from 'zod';
import { type CommandContext, defineCommand } from '../../commands/index.ts';

/** A file that somebody sent ahead of the message that is to carry it. */
export interface Upload {
  readonly digest: string;
  readonly filename: string;
  readonly content_type: string;
  readonly size_bytes: number;
}

/** Uploads that nobody used are dropped after so long. */
export const UPLOAD_KEPT_MS = 24 * 3_600_000;

/** Keeps a file, whose blob is stored and synced, for a message to come. */
export const keepUpload = defineCommand({
  name: 'upload.keep',
  input: z.object({
    digest: z.string().regex(/^[0-9a-f]{64}$/),
    filename: z.string().max(255),
    content_type: z.string().max(255),
    size_bytes: z.int().min(0),
  }),
  may: { roles: ['owner', 'admin', 'agent'], scope: 'write' },
  async run(context, { digest, filename, content_type, size_bytes }): Promise<{ upload_id: string }> {
    const { tx, org, actor, now } = context;
    const id = context.newId();
    await tx.insertMany(
      'upload',
      ['org', 'id', 'user_id', 'digest', 'filename', 'content_type', 'size_bytes', 'created_at'],
      [
        [
          org,
          id,
          actor.kind === 'system' ? '' : actor.user_id,
          digest,
          filename,
          content_type,
          size_bytes,
          now,
        ],
      ],
    );
    await tx.insertMany('blob_reference', ['org', 'message_id', 'digest'], [[org, id, digest]]);
    return { upload_id: id };
  },
});

/** Drops uploads that no message took. */
export const dropOldUploads = defineCommand({
  name: 'upload.drop_old',
  input: z.object({}),
  may: { roles: [] },
  async run({ tx, org, now }) {
    const before = now - UPLOAD_KEPT_MS;
    await tx.run(
      `delete from blob_reference where org = ? and message_id in
         (select id from upload where org = ? and created_at < ?)`,
      org,
      org,
      before,
    );
    await tx.run('delete from upload where org = ? and created_at < ?', org, before);
  },
});

/** The files with these ids, which are then part of a message. @throws upload.unknown */
export async function takeUploads(context: CommandContext, ids: readonly string[]): Promise<Upload[]> {
  const { tx, org, actor } = context;
  const uploads: Upload[] = [];
  for (const id of ids) {
    const found = await tx.get<Upload & { user_id: string }>(
      'select user_id, digest, filename, content_type, size_bytes from upload where org = ? and id = ?',
      org,
      id,
    );
    if (!found || (actor.kind !== 'system' && found.user_id !== actor.user_id))
      throw new Failure('upload.unknown');
    await tx.run('delete from upload where org = ? and id = ?', org, id);
    await tx.run('delete from blob_reference where org = ? and message_id = ?', org, id);
    uploads.push(found);
  }
  return uploads;
}
