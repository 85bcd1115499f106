import { Failure } from '@roost/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sessionCookie } from './cookie.ts';
import type { Client, HttpNeeds, OpenedSession } from './needs.ts';

/** What every route that opens or renews a session does with it. */
export class SessionDoor {
  constructor(
    private readonly origins: HttpNeeds['origins'],
    private readonly isHttpsOutside: boolean,
  ) {}

  /**
   * A page of another site could otherwise act with the cookie, or sign its visitor in as somebody else.
   *
   * @throws request.wrong_origin
   */
  readonly admit = (request: FastifyRequest): void => {
    if (!this.origins.permits(request.headers.origin, request.host))
      throw new Failure('request.wrong_origin');
  };

  /** Sets the cookie; the answer is what is returned. */
  opened(request: FastifyRequest, reply: FastifyReply, session: OpenedSession) {
    reply
      .header('set-cookie', sessionCookie(session.key, session.lifetimeMs, this.isHttps(request)))
      .header('cache-control', 'no-store');
    return session.signedIn;
  }

  isHttps(request: FastifyRequest): boolean {
    return this.isHttpsOutside || request.protocol === 'https';
  }
}

export function clientOf(request: FastifyRequest): Client {
  return { ip: request.ip, user_agent: request.headers['user-agent'] ?? '' };
}

/** ISO 8601 in UTC with milliseconds, as all times on the wire are. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
