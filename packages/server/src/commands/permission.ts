import { Failure, type Role } from '@roost/protocol';
import type { Tx } from '../store/database.ts';
import type { Actor, Permission } from './actor.ts';

/**
 * Checks the actor against the store as this transaction sees it.
 *
 * @throws access.forbidden, token.invalid
 */
export async function authorise(
  tx: Tx,
  org: string,
  actor: Actor,
  may: Permission,
  once: Once,
): Promise<void> {
  if (actor.kind === 'system') return;
  const role = await once(`role:${org}:${actor.user_id}`, () => roleOf(tx, org, actor.user_id));
  if (role === null) throw new Failure('access.forbidden', 'You are not a member of this organisation.');
  if (actor.kind === 'token') {
    if (!may.scope || !actor.scopes.includes(may.scope)) {
      throw new Failure(
        'access.forbidden',
        may.scope ? `This token lacks the scope “${may.scope}”.` : 'Tokens may not do this.',
      );
    }
  }
  if (!may.roles.includes(role))
    throw new Failure('access.forbidden', `Your role, ${role}, may not do this.`);
}

export type Once = <T>(key: string, load: () => Promise<T>) => Promise<T>;

async function roleOf(tx: Tx, org: string, userId: string): Promise<Role | null> {
  const member = await tx.get<{ role: Role }>(
    'select role from member where org = ? and id = ? and active = 1',
    org,
    userId,
  );
  return member?.role ?? null;
}
