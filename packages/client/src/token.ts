import { ClientError } from './client-error.ts';
import type { Clock } from './clock.ts';
import { withDeadline } from './deadline.ts';

/**
 * The app's side of signing in.
 *
 * - `start`: any token that is still good, before each connection.
 * - `expired`: a new one; the server has just refused the last, or soon would.
 *
 * Null or an empty text means that nobody is signed in, as does an error whose `code` is `token.missing` or
 * `token.invalid`: the client stops. Any other error, or no answer in time, is retried later.
 */
export type GetToken = (reason: 'start' | 'expired') => Promise<string | null>;

/** One answer of the app. Two answers with the same text are still two. */
export interface Token {
  readonly text: string;
}

/** Keeps the token in use, for connection and polls alike. At most one question to the app is waited for. */
export class TokenKeeper {
  private held: Token | null = null;
  private asking: Promise<Token> | null = null;
  private reason: 'start' | 'expired' = 'start';
  private refusalCount = 0;

  constructor(
    private readonly getToken: GetToken,
    private readonly clock: Clock,
    private readonly deadlineMs: number,
  ) {}

  /** Asks the app, for a connection about to begin. @throws ClientError  token.missing, token.unavailable */
  ask(): Promise<Token> {
    if (this.asking) return this.asking;
    const asking = this.askApp()
      .then((token) => {
        // A question asked before a refusal or a new start may be answered with what is void since.
        if (this.asking === asking) {
          this.held = token;
          this.reason = 'start';
        }
        return token;
      })
      .finally(() => {
        if (this.asking === asking) this.asking = null;
      });
    this.asking = asking;
    return asking;
  }

  /** The token in use, else as {@link ask}. */
  async get(): Promise<Token> {
    return this.held ?? this.ask();
  }

  /** A new one, for a connection whose token will not do for much longer. @throws as {@link ask} */
  renew(): Promise<Token> {
    this.reason = 'expired';
    return this.ask();
  }

  /** The server took the token. */
  accepted(): void {
    this.refusalCount = 0;
  }

  /** @returns whether a new one is worth a try: not when the one before it was refused as well */
  refused(token: Token): boolean {
    if (token !== this.held) return true; // replaced meanwhile
    this.held = this.asking = null;
    this.reason = 'expired';
    this.refusalCount += 1;
    return this.refusalCount < 2;
  }

  /** A new start: somebody else may have signed in. */
  reset(): void {
    this.held = this.asking = null;
    this.reason = 'start';
    this.refusalCount = 0;
  }

  private async askApp(): Promise<Token> {
    const { reason } = this;
    // The app's function may throw, never answer, or answer with something that is no promise.
    const answer = Promise.resolve().then(() => this.getToken(reason));
    const tooLate = () => unavailable('The app did not provide a token in time.', undefined);
    const text = await withDeadline(this.clock, this.deadlineMs, answer, tooLate).catch((error: unknown) => {
      if (error instanceof ClientError) throw error;
      throw isRefusal(error) ? signIn(error) : unavailable('The app could not provide a token.', error);
    });
    if (typeof text !== 'string' || text === '') throw signIn(undefined);
    return { text };
  }
}

function signIn(cause: unknown): ClientError {
  return new ClientError('token.missing', 'sign-in', 'Sign in to go on.', { cause });
}

function unavailable(says: string, cause: unknown): ClientError {
  return new ClientError('token.unavailable', 'retry', says, { cause });
}

function isRefusal(error: unknown): boolean {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return code === 'token.missing' || code === 'token.invalid';
}
