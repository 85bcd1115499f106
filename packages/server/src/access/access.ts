import { type Change, Failure, type MemberRow } from '@roost/protocol';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../clock.ts';
import type { CommandBus } from '../commands/index.ts';
import { queries } from '../domain/index.ts';
import type { AccessTokens } from './access-token.ts';
import { isApiToken } from './api-token.ts';
import type { Principal } from './principal.ts';
import { hashSecret } from './secret.ts';

/** Tokens whose holders are kept at hand. */
const KEPT_MAX = 20_000;
/** How long, at most, without asking the store again: covers a revocation that this node did not hear of. */
const KEPT_MS = 60_000;
const TOKEN_MAX_CHARS = 4096;

const system = { kind: 'system', name: 'access' } as const;

/** Tells who is behind a token. */
export class Access {
  /** By the token's digest, so that a dump of memory holds no token that still opens anything. */
  private readonly kept: LRUCache<string, Principal>;
  /** Grows with each revocation heard of: an answer from before it may be out of date. */
  private revocations = 0;

  constructor(
    private readonly bus: Pick<CommandBus, 'query'>,
    private readonly tokens: AccessTokens,
    private readonly clock: Pick<Clock, 'now'>,
    keptMax = KEPT_MAX,
  ) {
    this.kept = new LRUCache({
      max: keptMax,
      ttl: KEPT_MS,
      ttlResolution: 0,
      perf: { now: () => clock.now() },
    });
  }

  /**
   * Who sent this token: an access token or an API token.
   *
   * @throws token.missing, token.invalid
   */
  async authenticate(token: string | null | undefined): Promise<Principal> {
    if (!token) throw new Failure('token.missing');
    if (token.length > TOKEN_MAX_CHARS) throw new Failure('token.invalid');
    const digest = hashSecret(token);
    const kept = this.kept.get(digest);
    if (kept && (kept.expires_at === null || kept.expires_at > this.clock.now())) return kept;
    const heard = this.revocations;
    const principal = isApiToken(token) ? await this.holderOf(digest) : await this.memberBehind(token);
    if (heard === this.revocations) this.kept.set(digest, principal);
    return principal;
  }

  /** Drops what these changes, just committed, make untrue. From the next call on the revoked are refused. */
  forget(changes: readonly Change[]): void {
    const ended = changes.filter(isRevocation).map(({ id }) => id);
    if (ended.length === 0) return;
    this.revocations += 1;
    for (const [digest, { session_id, user_id }] of this.kept.entries()) {
      if (ended.includes(session_id) || ended.includes(user_id)) this.kept.delete(digest);
    }
  }

  /** Drops everybody of an organisation whose log this node begins to follow: it did not hear of earlier revocations. */
  forgetOrg(org: string): void {
    this.revocations += 1;
    for (const [digest, principal] of this.kept.entries())
      if (principal.org === org) this.kept.delete(digest);
  }

  private async memberBehind(token: string): Promise<Principal> {
    const claims = await this.tokens.read(token);
    const session = await this.bus.query(queries.findSession, {
      org: claims.org,
      actor: system,
      input: { session_id: claims.session_id },
    });
    const { org, user_id, session_id, came_by_link } = claims;
    const isLive =
      session !== null &&
      session.org === org &&
      session.user_id === user_id &&
      session.expires_at > this.clock.now();
    if (!isLive) throw new Failure('token.invalid', 'This session has ended.');
    const actor = { kind: 'member', user_id, session_id } as const;
    const expires_at = Math.min(claims.expires_at, session.expires_at);
    return { org, user_id, actor, role: session.role, session_id, expires_at, came_by_link };
  }

  private async holderOf(hash: string): Promise<Principal> {
    const found = await this.bus.query(queries.findApiToken, { org: '', actor: system, input: { hash } });
    if (!found) throw new Failure('token.invalid');
    const { org, user_id, token_id, scopes, role } = found;
    const actor = { kind: 'token', user_id, token_id, scopes } as const;
    return { org, user_id, actor, role, session_id: token_id, expires_at: null, came_by_link: false };
  }
}

/** The end of a session or a token, or a member who left or whose role changed. */
function isRevocation({ kind, before, after }: Change): boolean {
  if (kind === 'session') return after === null;
  return kind === 'member' && (before as MemberRow | null)?.role !== (after as MemberRow | null)?.role;
}
