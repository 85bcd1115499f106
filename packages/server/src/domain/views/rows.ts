import { type MessageRow, viewOfChannel } from '@roost/protocol';
import { z } from 'zod';
import { defineQuery, EVERY_ROLE } from '../../commands/index.ts';
import type { Tx } from '../../store/database.ts';
import { readMember } from '../members/member.ts';
import { inboxPage } from './inbox-page.ts';

/** Rows of a view as of `offset`, in the view's order, each as JSON text: ready to be joined into a frame. */
export interface ViewPage {
  readonly epoch: string;
  readonly offset: number;
  readonly rows: readonly string[];
  /** Sort key of the last row when more lie below it, else null. */
  readonly next: string | null;
}

/** What a channel shows: its top, or what lies below `before`. @throws channel.unknown, filter.invalid */
export const readView = defineQuery({
  name: 'view.rows',
  input: z.object({
    channel: z.string(),
    params: z.record(z.string(), z.unknown()),
    user_id: z.string(),
    before: z.string().nullable(),
    limit: z.int().min(1),
  }),
  may: { roles: EVERY_ROLE, scope: 'read' },
  async run({ tx, org }, { channel, params, user_id, before, limit }): Promise<ViewPage> {
    const view = viewOfChannel(channel, params, user_id);
    const head = await tx.get<{ epoch: string; offset: number }>(
      'select epoch, "offset" from head where org = ?',
      org,
    );
    const at = head ?? { epoch: 'e0', offset: 0 };
    if (view.channel === 'inbox') {
      const page = await inboxPage(tx, org, textOf(params.filter), before, limit);
      return { ...at, ...page };
    }
    const row =
      view.channel === 'me'
        ? await readMember(tx, org, user_id)
        : await openMessage(tx, org, view.channel.slice('message:'.length));
    return { ...at, rows: row && before === null ? [JSON.stringify(row)] : [], next: null };
  },
});

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

async function openMessage(tx: Tx, org: string, id: string): Promise<object | undefined> {
  const message = await tx.get<{ row: string; content: string }>(
    'select "row", content from message where org = ? and id = ?',
    org,
    id,
  );
  if (!message) return undefined;
  const { blobs: _, ...content } = JSON.parse(message.content);
  return { ...(JSON.parse(message.row) as MessageRow), content };
}
