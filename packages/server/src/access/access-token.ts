import { webcrypto } from 'node:crypto';
import { Failure } from '@roost/protocol';
import { errors, jwtVerify, SignJWT } from 'jose';
import type { Clock } from '../clock.ts';

/** Seconds: long enough to be renewed rarely, short enough to be of little use once stolen. */
export const ACCESS_TOKEN_SECONDS = 15 * 60;
const ALGORITHM = 'HS256';
/** Of our own tokens; any other issuer is a host application's. */
export const ISSUER = 'roost';
/** Value of the `amr` claim (RFC 8176): signed in by something that works once. */
const BY_LINK = 'otp';

/** What an access token says of its holder. */
export interface Claims {
  readonly org: string;
  readonly user_id: string;
  readonly session_id: string;
  /** The first token after a one-time link says so; the next one no longer does. */
  readonly came_by_link: boolean;
  /** ms since 1970 UTC. */
  readonly expires_at: number;
}

/** Signs and reads access tokens: JWT (RFC 7519), HMAC SHA-256. */
export class AccessTokens {
  private constructor(
    private readonly key: webcrypto.CryptoKey,
    private readonly clock: Pick<Clock, 'now'>,
  ) {}

  /** @param secret  base64url, at least 256 bits */
  static async open(secret: string, clock: Pick<Clock, 'now'>): Promise<AccessTokens> {
    const algorithm = { name: 'HMAC', hash: 'SHA-256' };
    const bytes = Buffer.from(secret, 'base64url');
    const key = await webcrypto.subtle.importKey('raw', bytes, algorithm, false, ['sign', 'verify']);
    return new AccessTokens(key, clock);
  }

  sign(claims: Omit<Claims, 'expires_at'>): Promise<string> {
    const now = Math.floor(this.clock.now() / 1000);
    const how = claims.came_by_link ? { amr: [BY_LINK] } : {};
    return new SignJWT({ org: claims.org, sid: claims.session_id, ...how })
      .setProtectedHeader({ alg: ALGORITHM })
      .setIssuer(ISSUER)
      .setSubject(claims.user_id)
      .setIssuedAt(now)
      .setExpirationTime(now + ACCESS_TOKEN_SECONDS)
      .sign(this.key);
  }

  /** @throws token.invalid */
  async read(token: string): Promise<Claims> {
    try {
      const { payload } = await jwtVerify(token, this.key, {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        requiredClaims: ['sub', 'exp', 'org', 'sid'],
        currentDate: new Date(this.clock.now()),
      });
      return {
        org: String(payload.org),
        user_id: String(payload.sub),
        session_id: String(payload.sid),
        came_by_link: Array.isArray(payload.amr) && payload.amr.includes(BY_LINK),
        expires_at: Number(payload.exp) * 1000,
      };
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw new Failure('token.invalid', 'The access token ran out.');
      throw new Failure('token.invalid', undefined, { cause: error });
    }
  }
}
