import { Failure } from '@roost/protocol';
import { z } from 'zod';
import { defineCommand } from '../../commands/index.ts';
import { tellEnd } from './session.ts';

/**
 * How long the refresh key just replaced still gets the one that replaced it: two tabs renew at once, and an answer
 * may be lost. Longer than our page waits for an answer (15 s), so that its next try is no replay. Whoever stole a
 * key can use it as long, but not unnoticed: two hold the same new key then, and the slower one gives them away.
 */
export const RENEWAL_GRACE_MS = 30_000;

export type Rotated =
  | { readonly state: 'renewed'; readonly generation: number }
  /** A key from before the current one: it was copied. The session is to be ended. */
  | { readonly state: 'replayed' };

/**
 * Takes a refresh key, already found to be genuine, for the one after it.
 *
 * @param generation  which key of the session it is
 * @throws token.invalid  the session has ended
 */
export const rotateSession = defineCommand({
  name: 'session.rotate',
  input: z.object({ session_id: z.string(), generation: z.int().min(0) }),
  may: { roles: [] },
  async run({ tx, org, now }, { session_id, generation }): Promise<Rotated> {
    const session = await tx.get<{ generation: number; rotated_at: number; expires_at: number }>(
      'select generation, rotated_at, expires_at from session where org = ? and id = ?',
      org,
      session_id,
    );
    if (!session || session.expires_at <= now) throw new Failure('token.invalid', 'This session has ended.');
    if (generation < session.generation) {
      const isLate = now - session.rotated_at > RENEWAL_GRACE_MS;
      if (generation < session.generation - 1 || isLate) return { state: 'replayed' };
      return { state: 'renewed', generation: session.generation };
    }
    // A later one than we know is genuine as well: the store was restored from a backup since.
    const next = generation + 1;
    await tx.run(
      'update session set generation = ?, rotated_at = ?, last_used_at = ? where org = ? and id = ?',
      next,
      now,
      now,
      org,
      session_id,
    );
    return { state: 'renewed', generation: next };
  },
});

/** Ends a session whose refresh key was used a second time: it, or its copy, is in the wrong hands. */
export const endReplayedSession = defineCommand({
  name: 'session.end_replayed',
  input: z.object({ session_id: z.string(), ip: z.string().max(64) }),
  may: { roles: [] },
  audited: ({ session_id, ip }, user_id: string | null) =>
    user_id === null ? null : { session_id, user_id, ip },
  async run(context, { session_id }): Promise<string | null> {
    const { tx, org } = context;
    const session = await tx.get<{ user_id: string }>(
      'select user_id from session where org = ? and id = ?',
      org,
      session_id,
    );
    if (!session) return null;
    await tx.run('delete from session where org = ? and id = ?', org, session_id);
    tellEnd(context, session_id, session.user_id);
    return session.user_id;
  },
});
