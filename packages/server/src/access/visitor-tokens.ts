import { webcrypto } from 'node:crypto';
import { Failure } from '@roost/protocol';
import { jwtVerify, SignJWT } from 'jose';
import type { Clock } from '../clock.ts';

/** A visit to a site may last; the host application makes another token whenever it likes. */
const VISITOR_TOKEN_SECONDS = 24 * 3_600;
const ALGORITHM = 'HS256';
const ISSUER = 'roost-visitor';

/** Somebody who is signed in to a host application, or not even that, and writes to one inbox. */
export interface Visitor {
  readonly org: string;
  readonly inbox_id: string;
  /** How the host application names them. */
  readonly external_id: string;
  readonly name: string;
}

/** Signs and reads the tokens with which a page of a host application lets its visitor write and read. */
export class VisitorTokens {
  private constructor(
    private readonly key: webcrypto.CryptoKey,
    private readonly clock: Pick<Clock, 'now'>,
  ) {}

  /** @param secret  base64url, at least 256 bits */
  static async open(secret: string, clock: Pick<Clock, 'now'>): Promise<VisitorTokens> {
    const algorithm = { name: 'HMAC', hash: 'SHA-256' };
    const bytes = Buffer.from(secret, 'base64url');
    const key = await webcrypto.subtle.importKey('raw', bytes, algorithm, false, ['sign', 'verify']);
    return new VisitorTokens(key, clock);
  }

  private sign({ org, inbox_id, external_id, name }: Visitor): Promise<string> {
    const now = Math.floor(this.clock.now() / 1000);
    return new SignJWT({ org, inbox: inbox_id, name })
      .setProtectedHeader({ alg: ALGORITHM })
      .setIssuer(ISSUER)
      .setSubject(external_id)
      .setIssuedAt(now)
      .setExpirationTime(now + VISITOR_TOKEN_SECONDS)
      .sign(this.key);
  }

  async token(visitor: Visitor): Promise<{ visitor_token: string; expires_in: number }> {
    return { visitor_token: await this.sign(visitor), expires_in: VISITOR_TOKEN_SECONDS };
  }

  /** @throws token.missing, token.invalid */
  async read(token: string | null): Promise<Visitor> {
    if (token === null) throw new Failure('token.missing');
    try {
      const { payload } = await jwtVerify(token, this.key, {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        requiredClaims: ['sub', 'exp', 'org', 'inbox'],
        currentDate: new Date(this.clock.now()),
      });
      return {
        org: String(payload.org),
        inbox_id: String(payload.inbox),
        external_id: String(payload.sub),
        name: typeof payload.name === 'string' ? payload.name : '',
      };
    } catch (cause) {
      throw new Failure('token.invalid', undefined, { cause });
    }
  }
}
