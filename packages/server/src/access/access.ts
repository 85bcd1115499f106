import { type Change, Failure, type MemberRow } from '@roost/protocol';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../clock.ts';
import type { CommandBus } from '../commands/index.ts';
import { commands, queries } from '../domain/index.ts';
import { type AccessTokens, ISSUER } from './access-token.ts';
import { isApiToken } from './api-token.ts';
import type { HostDoor } from './host-door.ts';
import { unverified } from './host-tokens.ts';
import type { Principal } from './principal.ts';
import { hashSecret } from './secret.ts';

/** Tokens whose holders are kept at hand. */
const KEPT_MAX = 20_000;
/** How long, at most, without asking the store again: covers a revocation that this node did not hear of. */
const KEPT_MS = 60_000;
const TOKEN_MAX_CHARS = 4096;
/** “Last used” of an API token is true to within this. */
const TOUCHED_MS = 15 * 60_000;

const system = { kind: 'system', name: 'access' } as const;

export interface AccessNeeds {
  readonly bus: Pick<CommandBus, 'execute' | 'query'>;
  readonly tokens: AccessTokens;
  /** Null where no host application's tokens are taken. */
  readonly host: HostDoor | null;
  readonly clock: Pick<Clock, 'now'>;
}

/** Tells who is behind a token. */
export class Access {
  /** By the token's digest, so that a dump of memory holds no token that still opens anything. */
  private readonly kept: LRUCache<string, Principal>;
  /** How many are kept of each organisation. */
  private readonly keptOf = new Map<string, number>();
  /** Grows with each revocation heard of: an answer from before it may be out of date. */
  private revocations = 0;
  private purgedAt = 0;

  constructor(
    private readonly needs: AccessNeeds,
    keptMax = KEPT_MAX,
  ) {
    this.kept = new LRUCache({
      max: keptMax,
      ttl: KEPT_MS,
      ttlResolution: 0,
      perf: { now: () => needs.clock.now() },
      onInsert: ({ org }, _digest, reason) => {
        if (reason === 'add') this.count(org, 1);
      },
      dispose: ({ org }, _digest, reason) => {
        // One that is replaced is inserted no second time.
        if (reason !== 'set') this.count(org, -1);
      },
    });
  }

  /** Organisations of which anybody is kept at hand. */
  get keptOrgs(): readonly string[] {
    const now = this.needs.clock.now();
    if (Math.abs(now - this.purgedAt) > KEPT_MS) {
      this.purgedAt = now;
      this.kept.purgeStale();
    }
    return [...this.keptOf.keys()];
  }

  /**
   * Who sent this token: an access token, an API token, or one that a host application made for its user.
   *
   * @throws token.missing, token.invalid; access.forbidden  the host's user was deactivated here
   */
  async authenticate(token: string | null | undefined): Promise<Principal> {
    if (!token) throw new Failure('token.missing');
    if (token.length > TOKEN_MAX_CHARS) throw new Failure('token.invalid');
    const digest = hashSecret(token);
    const kept = this.kept.get(digest);
    if (kept && (kept.expires_at === null || kept.expires_at > this.needs.clock.now())) return kept;
    const heard = this.revocations;
    const principal = await this.ask(token, digest);
    if (heard === this.revocations) this.kept.set(digest, principal);
    return principal;
  }

  /** Drops what these changes, just committed, make untrue. From the next call on the revoked are refused. */
  forget(changes: readonly Change[]): void {
    const ended = new Set(changes.filter(isRevocation).map(({ id }) => id));
    if (ended.size === 0) return;
    this.revocations += 1;
    this.needs.host?.forget();
    for (const [digest, { session_id, user_id }] of this.kept.entries()) {
      if (ended.has(session_id) || ended.has(user_id)) this.kept.delete(digest);
    }
  }

  /**
   * Drops everybody of an organisation: this node begins to follow its log, and did not hear of earlier revocations;
   * or hears that there was one, without what it was.
   */
  forgetOrg(org: string): void {
    this.revocations += 1;
    this.needs.host?.forget();
    if (!this.keptOf.has(org)) return;
    for (const [digest, principal] of this.kept.entries())
      if (principal.org === org) this.kept.delete(digest);
  }

  private ask(token: string, digest: string): Promise<Principal> {
    if (isApiToken(token)) return this.holderOf(digest);
    const { host } = this.needs;
    return host !== null && unverified(token).iss !== ISSUER ? host.enter(token) : this.memberBehind(token);
  }

  private async memberBehind(token: string): Promise<Principal> {
    const { bus, tokens, clock } = this.needs;
    const claims = await tokens.read(token);
    const session = await bus.query(queries.findSession, {
      org: claims.org,
      actor: system,
      input: { session_id: claims.session_id },
    });
    const { org, user_id, session_id, came_by_link } = claims;
    const isLive =
      session !== null &&
      session.org === org &&
      session.user_id === user_id &&
      session.expires_at > clock.now();
    if (!isLive) throw new Failure('token.invalid', 'This session has ended.');
    const actor = { kind: 'member', user_id, session_id } as const;
    const expires_at = Math.min(claims.expires_at, session.expires_at);
    const { role } = session;
    return { org, user_id, actor, role, session_id, expires_at, came_by_link, from_host: false };
  }

  private async holderOf(hash: string): Promise<Principal> {
    const { bus, clock } = this.needs;
    const found = await bus.query(queries.findApiToken, { org: '', actor: system, input: { hash } });
    const now = clock.now();
    if (!found || (found.expires_at !== null && found.expires_at <= now)) throw new Failure('token.invalid');
    const { org, user_id, token_id, scopes, role, expires_at } = found;
    if (now - found.last_used_at > TOUCHED_MS) this.touch(org, token_id);
    const actor = { kind: 'token', user_id, token_id, scopes } as const;
    return {
      org,
      user_id,
      actor,
      role,
      session_id: token_id,
      expires_at,
      came_by_link: false,
      from_host: false,
    };
  }

  /** Nobody waits for it, and one that fails is made up for by the next. */
  private touch(org: string, token_id: string): void {
    this.needs.bus
      .execute(commands.touchApiToken, { org, actor: system, input: { token_id } })
      .catch(() => {});
  }

  private count(org: string, by: number): void {
    const count = (this.keptOf.get(org) ?? 0) + by;
    if (count > 0) this.keptOf.set(org, count);
    else this.keptOf.delete(org);
  }
}

/** The end of a session or a token, or a member who left, was deactivated, or whose role changed. */
export function isRevocation({ kind, before, after }: Change): boolean {
  if (kind === 'session') return after === null;
  if (kind !== 'member') return false;
  const [was, is] = [before as MemberRow | null, after as MemberRow | null];
  return was?.role !== is?.role || was?.active !== is?.active;
}
