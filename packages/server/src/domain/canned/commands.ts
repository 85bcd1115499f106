import { type CannedReplyRow, Failure } from '@roost/protocol';
import { z } from 'zod';
import { type CommandContext, defineCommand } from '../../commands/index.ts';

const fields = {
  shortcut: z
    .string()
    .trim()
    .toLowerCase()
    .regex(/^[\p{L}\p{N}_-]{1,40}$/u, 'A shortcut is one word of letters, digits, - and _.'),
  title: z.string().trim().min(1).max(200),
  text: z.string().min(1).max(20_000),
};

/** @throws reply.exists */
export const addCannedReply = defineCommand({
  name: 'canned_reply.add',
  input: z.object(fields),
  may: { roles: ['owner', 'admin', 'agent'], scope: 'write' },
  async run(context, input): Promise<CannedReplyRow> {
    await assertFree(context, input.shortcut, null);
    const row: CannedReplyRow = { id: context.newId(), version: context.offset, ...input };
    await context.tx.run(
      'insert into canned_reply (org, id, version, shortcut, "row") values (?, ?, ?, ?, ?)',
      context.org,
      row.id,
      row.version,
      row.shortcut,
      JSON.stringify(row),
    );
    context.changed('canned_reply', row.id, null, row);
    return row;
  },
});

/** @throws reply.unknown, reply.exists */
export const updateCannedReply = defineCommand({
  name: 'canned_reply.update',
  input: z.object({
    canned_reply_id: z.string(),
    shortcut: fields.shortcut.optional(),
    title: fields.title.optional(),
    text: fields.text.optional(),
  }),
  may: { roles: ['owner', 'admin', 'agent'], scope: 'write' },
  async run(context, { canned_reply_id, ...said }): Promise<CannedReplyRow> {
    const before = await known(context, canned_reply_id);
    const after = {
      ...before,
      shortcut: said.shortcut ?? before.shortcut,
      title: said.title ?? before.title,
      text: said.text ?? before.text,
      version: context.offset,
    };
    await assertFree(context, after.shortcut, canned_reply_id);
    await context.tx.run(
      'update canned_reply set version = ?, shortcut = ?, "row" = ? where org = ? and id = ?',
      after.version,
      after.shortcut,
      JSON.stringify(after),
      context.org,
      canned_reply_id,
    );
    context.changed('canned_reply', canned_reply_id, before, after);
    return after;
  },
});

/** @throws reply.unknown */
export const removeCannedReply = defineCommand({
  name: 'canned_reply.remove',
  input: z.object({ canned_reply_id: z.string() }),
  may: { roles: ['owner', 'admin', 'agent'], scope: 'write' },
  async run(context, { canned_reply_id }) {
    const before = await known(context, canned_reply_id);
    await context.tx.run('delete from canned_reply where org = ? and id = ?', context.org, canned_reply_id);
    context.changed('canned_reply', canned_reply_id, before, null);
  },
});

async function known({ tx, org }: CommandContext, id: string): Promise<CannedReplyRow> {
  const found = await tx.get<{ row: string }>(
    'select "row" from canned_reply where org = ? and id = ?',
    org,
    id,
  );
  if (!found) throw new Failure('reply.unknown');
  return JSON.parse(found.row);
}

async function assertFree({ tx, org }: CommandContext, shortcut: string, but: string | null): Promise<void> {
  const found = await tx.get<{ id: string }>(
    'select id from canned_reply where org = ? and shortcut = ?',
    org,
    shortcut,
  );
  if (found && found.id !== but) throw new Failure('reply.exists');
}
