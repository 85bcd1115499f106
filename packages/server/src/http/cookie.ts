/** Only ever sent to the sessions routes, and never by a page of another site. */
const NAME = 'roost_session';
const SCOPE = 'Path=/api/v1/sessions; HttpOnly; SameSite=Strict';

/** The session key in a Cookie header; null when there is none. */
export function sessionKeyIn(header: string | undefined): string | null {
  for (const pair of (header ?? '').split(';')) {
    const equals = pair.indexOf('=');
    if (equals !== -1 && pair.slice(0, equals).trim() === NAME) return pair.slice(equals + 1).trim() || null;
  }
  return null;
}

/** A Set-Cookie header (RFC 6265). `key` is base64url and a dot, so nothing of it needs quoting. */
export function sessionCookie(key: string, lifetimeMs: number, isHttps: boolean): string {
  return `${NAME}=${key}; ${SCOPE}; Max-Age=${Math.floor(lifetimeMs / 1000)}${isHttps ? '; Secure' : ''}`;
}

export function endedSessionCookie(isHttps: boolean): string {
  return sessionCookie('', 0, isHttps);
}
