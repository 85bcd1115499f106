import { Failure } from '@roost/protocol';
import { role } from '@roost/protocol/schema';
import { decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import type { CommandBus } from '../commands/index.ts';
import { type HostTrust, type HostUser, queries } from '../domain/index.ts';
import type { HostKeys } from './host-keys.ts';

/** A host makes a token for a page it serves; an hour is enough to renew it, and little to lose. */
export const HOST_TOKEN_MAX_SECONDS = 60 * 60;
/** Clocks of two machines may differ by so much. */
const CLOCK_TOLERANCE_SECONDS = 60;
/** Whom an organisation trusts is read again after so long, at most. */
const TRUST_KEPT_MS = 30_000;
const TRUST_KEPT_MAX = 1_000;
const SIGNED_BY_KEY_PAIR = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'EdDSA',
  'Ed25519',
];

const system = { kind: 'system', name: 'access' } as const;

const claims = z.object({
  sub: z.string().min(1).max(200),
  org: z.string().min(1).max(64),
  role: role.nullish(),
  name: z.string().trim().max(200).nullish(),
  email: z.email().max(320).nullish(),
  /** Of OpenID Connect: an address that nobody has checked is nobody's. */
  email_verified: z.boolean().nullish(),
  iat: z.number(),
  exp: z.number(),
});

/** The host that the server's settings trust, and for which organisations. */
export interface ServerTrust extends HostTrust {
  speaksFor(org: string): boolean;
}

export interface HostClaims {
  readonly org: string;
  readonly user: HostUser;
  /** ms since 1970 UTC. */
  readonly expires_at: number;
}

interface Needs {
  readonly bus: Pick<CommandBus, 'query'>;
  readonly keys: HostKeys;
  readonly clock: Pick<Clock, 'now'>;
  /** Null where the settings trust no host. */
  readonly serverTrust: ServerTrust | null;
}

/** Reads tokens that a host application mints for its own users: JWT (RFC 7519), by shared secret or by JWKS. */
export class HostTokens {
  private readonly trusted: LRUCache<string, { readonly trust: HostTrust | null }>;

  constructor(private readonly needs: Needs) {
    this.trusted = new LRUCache({
      max: TRUST_KEPT_MAX,
      ttl: TRUST_KEPT_MS,
      ttlResolution: 0,
      perf: { now: () => needs.clock.now() },
    });
  }

  /** @throws token.invalid; store.unavailable  the host's keys cannot be had */
  async read(token: string): Promise<HostClaims> {
    const { org } = unverified(token);
    const trust = typeof org === 'string' && org.length <= 64 ? await this.trustOf(org) : null;
    if (!trust) throw new Failure('token.invalid');
    const payload = await this.verified(token, trust);
    const read = claims.safeParse(payload);
    if (!read.success) {
      const field = read.error.issues[0]?.path.join('.');
      throw new Failure('token.invalid', `The claim “${field}” of the token is missing or wrong.`);
    }
    const { sub, iat, exp, email, email_verified, name, role } = read.data;
    if (exp - iat > HOST_TOKEN_MAX_SECONDS)
      throw new Failure('token.invalid', 'The token lasts longer than an hour.');
    const user = {
      external_id: sub,
      role: role ?? null,
      role_max: trust.role_max,
      name: name ?? '',
      email: email_verified === false ? null : (email ?? null),
      issued_at: Math.floor(iat) * 1000,
    };
    return { org: read.data.org, user, expires_at: Math.floor(exp) * 1000 };
  }

  /** Whom organisations trust may have changed. */
  forget(): void {
    this.trusted.clear();
  }

  private async verified(token: string, trust: HostTrust): Promise<JWTPayload> {
    const rules = {
      issuer: trust.issuer,
      audience: trust.audience,
      requiredClaims: ['sub', 'iat', 'exp', 'org'],
      maxTokenAge: HOST_TOKEN_MAX_SECONDS,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: new Date(this.needs.clock.now()),
    };
    try {
      const { payload } =
        trust.secret === null
          ? await jwtVerify(token, this.needs.keys.of(trust.jwks_url ?? ''), {
              ...rules,
              algorithms: SIGNED_BY_KEY_PAIR,
            })
          : await jwtVerify(token, new TextEncoder().encode(trust.secret), {
              ...rules,
              algorithms: ['HS256'],
            });
      // A tolerance is for beginnings: past its end a token is past its end.
      if (Number(payload.exp) * 1000 <= this.needs.clock.now()) throw new errors.JWTExpired('exp', payload);
      return payload;
    } catch (error) {
      throw this.refusal(error, trust);
    }
  }

  private refusal(error: unknown, { jwks_url }: HostTrust): Failure {
    if (error instanceof errors.JWTExpired) return new Failure('token.invalid', 'The token ran out.');
    if (error instanceof errors.JWTClaimValidationFailed)
      return new Failure('token.invalid', `The claim “${error.claim}” of the token is not what is expected.`);
    const isOurs =
      error instanceof errors.JOSEError &&
      error.code !== 'ERR_JWKS_TIMEOUT' &&
      error.code !== 'ERR_JWKS_INVALID' &&
      error.code !== 'ERR_JOSE_GENERIC';
    if (isOurs || jwks_url === null) return new Failure('token.invalid', undefined, { cause: error });
    return new Failure('store.unavailable', 'The keys of the host application cannot be had; try later.', {
      cause: error,
    });
  }

  /** What the organisation says itself goes before what the settings say of all. */
  private async trustOf(org: string): Promise<HostTrust | null> {
    const kept = this.trusted.get(org);
    if (kept) return kept.trust;
    const own = await this.needs.bus.query(queries.readHostTrust, { org, actor: system, input: {} });
    const { serverTrust } = this.needs;
    const trust = own ?? (serverTrust?.speaksFor(org) ? serverTrust : null);
    this.trusted.set(org, { trust });
    return trust;
  }
}

/** What a token says of itself: enough to know whom to ask, and nothing to believe. @throws token.invalid */
export function unverified(token: string): JWTPayload {
  try {
    return decodeJwt(token);
  } catch (error) {
    throw new Failure('token.invalid', undefined, { cause: error });
  }
}
