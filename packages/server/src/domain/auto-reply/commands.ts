import { type AutoReplyRow, Failure } from '@roost/protocol';
import { z } from 'zod';
import { defineCommand } from '../../commands/index.ts';
import { seenMailInbox } from '../inboxes/seen.ts';
import { autoReplyOf, writeAutoReply } from './store.ts';

export const EVERY_DAYS_MAX = 365;

const time = z.iso.datetime({ offset: true }).transform((at) => new Date(at).toISOString());

/**
 * Says what an inbox answers by itself, and when; what is left out stays.
 *
 * @throws inbox.unknown; request.invalid  it ends before it starts, has no text, or the inbox is a whole domain
 */
export const setAutoReply = defineCommand({
  name: 'auto_reply.set',
  input: z.object({
    inbox_id: z.string().max(64),
    enabled: z.boolean().optional(),
    subject: z
      .string()
      .trim()
      .max(200)
      .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'A subject is one line and holds no control characters.')
      .optional(),
    text: z.string().max(50_000).optional(),
    starts_at: time.nullish(),
    ends_at: time.nullish(),
    every_days: z.int().min(1).max(EVERY_DAYS_MAX).optional(),
  }),
  may: { roles: ['owner', 'admin', 'agent'], scope: 'write' },
  audited: ({ enabled }) => (enabled === undefined ? null : { enabled }),
  async run(context, { inbox_id, ...said }): Promise<AutoReplyRow> {
    const inbox = await seenMailInbox(context, inbox_id);
    const before = await autoReplyOf(context.tx, context.org, inbox_id);
    const given = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
    const after: AutoReplyRow = { ...before, ...given, version: context.offset };
    assertUsable(after);
    if (after.enabled && !inbox.address.includes('@'))
      throw new Failure('request.invalid', 'An inbox of a whole domain answers nothing by itself.');
    await writeAutoReply(context, after);
    // Whoever looks has been shown an inbox that answers nothing: to them it changes, and does not appear.
    context.changed('auto_reply', inbox_id, before, after);
    return after;
  },
});

/** @throws request.invalid */
function assertUsable({ enabled, text, starts_at, ends_at }: AutoReplyRow): void {
  if (enabled && text.trim() === '') throw new Failure('request.invalid', 'An answer that is on has a text.');
  if (starts_at !== null && ends_at !== null && Date.parse(starts_at) > Date.parse(ends_at))
    throw new Failure('request.invalid', 'The answer ends before it starts.');
}
