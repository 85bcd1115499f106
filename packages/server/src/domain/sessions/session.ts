import type { SessionRow } from '@roost/protocol';
import { z } from 'zod';
import type { CommandContext } from '../../commands/index.ts';

/** SHA-256, or as many random bits, in base64url. */
export const digest = z.string().length(43);

/** What a session remembers of where it was opened, so that its owner recognises it. */
export const openedFrom = z
  .object({ user_agent: z.string().max(200), ip: z.string().max(64) })
  .default({ user_agent: '', ip: '' });

export const newSession = z.object({
  /** Random; what the session's refresh keys are made from. */
  seed: digest,
  /** ms since 1970 UTC. */
  expires_at: z.int(),
  from: openedFrom,
});
export type NewSession = z.output<typeof newSession>;

/** How a session came to be; a host application's tokens share one for each of its users. */
export type SessionKind = 'password' | 'link' | 'host';

export async function openSession(
  context: CommandContext,
  userId: string,
  kind: SessionKind,
  { seed, expires_at, from }: NewSession,
): Promise<SessionRow> {
  const { tx, org, now } = context;
  const row = { id: context.newId(), version: context.offset, user_id: userId };
  await tx.run(
    `insert into session (org, id, user_id, kind, seed, generation, rotated_at, last_used_at, user_agent, ip,
       created_at, expires_at) values (?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?)`,
    org,
    row.id,
    userId,
    kind,
    seed,
    now,
    now,
    from.user_agent,
    from.ip,
    now,
    expires_at,
  );
  context.changed('session', row.id, null, row);
  return row;
}

/** Ends everything a person could still act with here: sessions, API tokens, links, tokens of a host. */
export async function endAccessOf(context: CommandContext, userId: string): Promise<void> {
  const { tx, org } = context;
  await endSessionsOf(context, userId, null);
  const tokens = await tx.all<{ id: string }>(
    'select id from api_token where org = ? and user_id = ?',
    org,
    userId,
  );
  for (const table of ['api_token', 'sign_in_link']) {
    await tx.run(`delete from ${table} where org = ? and user_id = ?`, org, userId);
  }
  for (const { id } of tokens) tellEnd(context, id, userId);
  // Whoever goes leaves no way back in behind.
  await tx.run('delete from invitation where org = ? and invited_by = ?', org, userId);
  await refuseHostTokens(context, userId);
}

/** Ends a person's sessions here but one; what a host application made of them before is refused from now on. */
export async function endSessionsOf(
  context: CommandContext,
  userId: string,
  keptId: string | null,
): Promise<number> {
  const { tx, org } = context;
  const ended = await tx.all<{ id: string; kind: string }>(
    'select id, kind from session where org = ? and user_id = ? and id <> ?',
    org,
    userId,
    keptId ?? '',
  );
  for (const { id } of ended) {
    await tx.run('delete from session where org = ? and id = ?', org, id);
    tellEnd(context, id, userId);
  }
  if (ended.some(({ kind }) => kind === 'host')) await refuseHostTokens(context, userId);
  return ended.length;
}

/** Every token that a host application has minted for this person so far is good for nothing any more. */
export function refuseHostTokens({ tx, org, now }: CommandContext, userId: string): Promise<void> {
  return tx.run(
    'update host_identity set refused_before = ? where org = ? and user_id = ?',
    now,
    org,
    userId,
  );
}

export function tellEnd(context: CommandContext, id: string, userId: string): void {
  context.changed('session', id, { id, version: 0, user_id: userId }, null);
}
