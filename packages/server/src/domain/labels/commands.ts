import { Failure, type LabelRow } from '@roost/protocol';
import { z } from 'zod';
import { defineCommand } from '../../commands/index.ts';

/** Makes a label, or changes its colour and how its name is written. */
export const keepLabel = defineCommand({
  name: 'label.keep',
  input: z.object({
    name: z.string().trim().min(1).max(50),
    color: z
      .string()
      .regex(/^#[0-9a-f]{6}$/i)
      .default('#8a8f98'),
  }),
  may: { roles: ['owner', 'admin', 'agent'], scope: 'write' },
  async run(context, { name, color }): Promise<LabelRow> {
    const { tx, org, offset } = context;
    const id = name.toLowerCase();
    const known = await tx.get<{ row: string }>('select "row" from label where org = ? and id = ?', org, id);
    const row: LabelRow = { id, version: offset, name, color: color.toLowerCase() };
    await tx.run(
      `insert into label (org, id, version, "row") values (?, ?, ?, ?)
         on conflict (org, id) do update set version = excluded.version, "row" = excluded."row"`,
      org,
      id,
      offset,
      JSON.stringify(row),
    );
    context.changed('label', id, known ? JSON.parse(known.row) : null, row);
    return row;
  },
});

/** Conversations that carry it go on doing so; it is no longer offered. @throws label.unknown */
export const removeLabel = defineCommand({
  name: 'label.remove',
  input: z.object({ label_id: z.string() }),
  may: { roles: ['owner', 'admin'], scope: 'admin' },
  audited: true,
  async run(context, { label_id }) {
    const { tx, org } = context;
    const known = await tx.get<{ row: string }>(
      'select "row" from label where org = ? and id = ?',
      org,
      label_id,
    );
    if (!known) throw new Failure('label.unknown');
    await tx.run('delete from label where org = ? and id = ?', org, label_id);
    context.changed('label', label_id, JSON.parse(known.row), null);
  },
});
