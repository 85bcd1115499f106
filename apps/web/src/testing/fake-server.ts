import { type FailureCode, failures } from '@roost/protocol';
import type { Fetch } from '../session/request.ts';

/** One user, one link, and what is needed to fail in each way. */
export class FakeServer {
  isAway = false;
  hasSession = false;
  userId = 'u1';
  unusedLink: string | null = 'fresh';
  retryAfterSeconds: number | null = null;
  readonly asked: string[] = [];
  private tokens = 0;

  readonly fetch: Fetch = async (path, init = {}) => {
    this.asked.push(`${init.method ?? 'GET'} ${path}`);
    if (this.isAway) throw new TypeError('fetch failed');
    const body = init.body ? JSON.parse(String(init.body)) : {};
    switch (`${init.method ?? 'GET'} ${path}`) {
      case 'POST /api/v1/sessions':
        if (this.retryAfterSeconds !== null) return problem('request.too_many', this.retryAfterSeconds);
        if (body.link !== undefined) {
          if (body.link !== this.unusedLink) return problem('token.invalid');
          this.unusedLink = null;
        } else if (body.password !== 'right') return problem('credentials.wrong');
        this.hasSession = true;
        return this.signedIn();
      case 'POST /api/v1/sessions/refresh':
        return this.hasSession ? this.signedIn() : problem('token.missing');
      case 'DELETE /api/v1/sessions':
        this.hasSession = false;
        return new Response(null, { status: 204 });
      case 'GET /api/v1/guarded':
        return bearerOf(init) === `token-${this.tokens}` ? Response.json({}) : problem('token.invalid');
    }
    return problem('route.unknown');
  };

  private signedIn(): Response {
    this.tokens += 1;
    return Response.json({
      access_token: `token-${this.tokens}`,
      expires_in: 900,
      user_id: this.userId,
      org_id: 'o1',
    });
  }

  /** As after a change of the signing key: every token given so far is void. */
  voidTokens(): void {
    this.tokens += 1;
  }
}

function bearerOf(init: RequestInit): string | undefined {
  return (init.headers as Record<string, string> | undefined)?.authorization?.replace('Bearer ', '');
}

function problem(code: FailureCode, retryAfterSeconds?: number): Response {
  const { http, remedy, says } = failures[code];
  return new Response(
    JSON.stringify({ type: 'about:blank', title: says, status: http, code, detail: says, remedy }),
    {
      status: http,
      headers: {
        'content-type': 'application/problem+json',
        ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
      },
    },
  );
}
