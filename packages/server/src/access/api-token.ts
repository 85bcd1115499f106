import type { Secrets } from '../clock.ts';
import type { Actor, CommandBus, Scope } from '../commands/index.ts';
import { commands } from '../domain/index.ts';
import { hashSecret, newSecret } from './secret.ts';

/** Names the token for what it is, so that scanners of leaked secrets find it. */
const PREFIX = 'rt_';
const WRITTEN = /^rt_[A-Za-z0-9_-]{43}$/;

export function isApiToken(token: string): boolean {
  return token.startsWith(PREFIX) && WRITTEN.test(token);
}

export interface NewApiToken {
  readonly org: string;
  /** Whose token it is: it may do no more than they may. */
  readonly user_id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** ms since 1970 UTC; null for one that lasts until it is revoked. */
  readonly expires_at?: number | null;
}

/** Makes an API token. It is returned this once and stored only as its digest. @throws member.unknown */
export async function createApiToken(
  bus: Pick<CommandBus, 'execute'>,
  secrets: Secrets,
  { org, user_id, name, scopes, expires_at = null }: NewApiToken,
  actor: Actor = { kind: 'system', name: 'access' },
): Promise<{ readonly token: string; readonly token_id: string }> {
  const token = `${PREFIX}${newSecret(secrets)}`;
  const input = { user_id, name, scopes: [...scopes], hash: hashSecret(token), expires_at };
  const { result } = await bus.execute(commands.createApiToken, { org, actor, input });
  return { token, token_id: result.token_id };
}
