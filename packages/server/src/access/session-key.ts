import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** A refresh key as it was sent, before anybody knows whether it is genuine. */
export interface GivenKey {
  readonly session_id: string;
  /** Which of the session's keys it is: each renewal replaces it by the next. */
  readonly generation: number;
  readonly mark: string;
}

interface SeededSession {
  readonly session_id: string;
  readonly seed: string;
}

/**
 * Refresh keys of sessions, `<session id>.<generation>.<mark>`. The mark is a MAC over session, generation and the
 * session's random seed: so a key says by itself that we made it and how old it is, an old one can be told from one
 * that somebody made up, and a renewal whose answer was lost gets the same next key again.
 */
export class SessionKeys {
  private readonly secret: Buffer;

  /** @param accessKey  the server's own; what is derived from it serves nothing else */
  constructor(accessKey: string) {
    const bytes = Buffer.from(accessKey, 'base64url');
    this.secret = Buffer.from(hkdfSync('sha256', bytes, '', 'roost refresh keys', 32));
  }

  make({ session_id, seed }: SeededSession, generation: number): string {
    return `${session_id}.${generation.toString(36)}.${this.mark({ session_id, seed }, generation)}`;
  }

  /** Null for what cannot be one. */
  read(key: string): GivenKey | null {
    const [, session_id, generation, mark] =
      /^([a-z0-9]{1,40})\.([a-z0-9]{1,8})\.([\w-]{43})$/.exec(key) ?? [];
    if (session_id === undefined || generation === undefined || mark === undefined) return null;
    return { session_id, generation: Number.parseInt(generation, 36), mark };
  }

  /** Whether we made this key for this session, in a time that tells nothing of either. */
  isGenuine(given: GivenKey, session: SeededSession): boolean {
    return timingSafeEqual(Buffer.from(given.mark), Buffer.from(this.mark(session, given.generation)));
  }

  private mark({ session_id, seed }: SeededSession, generation: number): string {
    return createHmac('sha256', this.secret)
      .update(`${session_id}\n${generation}\n${seed}`)
      .digest('base64url');
  }
}
