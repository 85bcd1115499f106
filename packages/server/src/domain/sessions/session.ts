import type { SessionRow } from '@roost/protocol';
import type { CommandContext } from '../../commands/index.ts';

export interface NewSession {
  readonly user_id: string;
  /** SHA-256 of the session's secret; the secret itself is stored nowhere. */
  readonly secret_hash: string;
  /** ms since 1970 UTC. */
  readonly expires_at: number;
}

export async function openSession(context: CommandContext, session: NewSession): Promise<SessionRow> {
  const row = { id: context.newId(), version: context.offset, user_id: session.user_id };
  await context.tx.run(
    'insert into session (org, id, user_id, secret_hash, created_at, expires_at) values (?, ?, ?, ?, ?, ?)',
    context.org,
    row.id,
    session.user_id,
    session.secret_hash,
    context.now,
    session.expires_at,
  );
  context.changed('session', row.id, null, row);
  return row;
}

/** Ends everything a person could still act with: sessions, API tokens, sign-in links. */
export async function endSessionsOf(context: CommandContext, userId: string): Promise<void> {
  const { tx, org } = context;
  const ended = await tx.all<{ id: string }>(
    `select id from session where org = ? and user_id = ? union all select id from api_token where org = ? and user_id = ?`,
    org,
    userId,
    org,
    userId,
  );
  for (const table of ['session', 'api_token', 'sign_in_link']) {
    await tx.run(`delete from ${table} where org = ? and user_id = ?`, org, userId);
  }
  for (const { id } of ended) context.changed('session', id, { id, version: 0, user_id: userId }, null);
}
