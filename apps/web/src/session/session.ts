import type { Clock } from '@roost/client';
import type { SignedIn } from '@roost/protocol';
import { RequestProblem } from './problem.ts';
import { asJson, type Fetch, request } from './request.ts';
import { linkSentence } from './sentences.ts';

export type SessionState =
  /** Asking the server who we are. */
  | { readonly kind: 'starting' }
  /** It does not answer; we keep asking. */
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'signed-out'; readonly notice: string | null }
  | { readonly kind: 'signed-in'; readonly userId: string; readonly orgId: string }
  /** Was signed in until the server said no. What is on the screen stays there until the person signs in again. */
  | { readonly kind: 'ended'; readonly userId: string; readonly orgId: string };

const SESSIONS = '/api/v1/sessions';
const INVITATIONS = '/api/v1/invitations';
/** An access token is renewed this long before it runs out, so that it does not do so on its way. */
const RENEW_BEFORE_MS = 30_000;
const ASK_AGAIN_MIN_MS = 1_000;
const ASK_AGAIN_MAX_MS = 15_000;

/**
 * Who is signed in on this browser. The session itself is an HttpOnly cookie that no script can read; here is only
 * the short-lived access token, in memory.
 */
export class Session {
  private state: SessionState = { kind: 'starting' };
  private access: { readonly token: string; readonly expiresAt: number } | null = null;
  private renewing: Promise<string> | null = null;
  private readonly listeners = new Set<() => void>();
  private cancelAsking = () => {};
  private unspentLink: string | null = null;
  private linkNotice: string | null = null;

  constructor(
    private readonly fetch: Fetch,
    private readonly clock: Clock,
  ) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly getSnapshot = (): SessionState => this.state;

  /** Finds out who we are: by the one-time link if there is one, else by the cookie. */
  async start(linkToken: string | null): Promise<void> {
    this.unspentLink = linkToken;
    await this.resume();
  }

  /** Asks at once instead of after the delay. */
  readonly askAgain = (): Promise<void> => this.resume();

  /** @throws RequestProblem  credentials.wrong, request.too_many, server.away */
  async signIn(email: string, password: string): Promise<void> {
    this.enter(await this.open(SESSIONS, { email, password }));
  }

  /** @throws RequestProblem  token.invalid when the link was used before */
  async signInByLink(link: string): Promise<void> {
    this.enter(await this.open(SESSIONS, { link }));
  }

  /** What an invitation offers. Changes nothing. @throws RequestProblem  invitation.unknown, server.away */
  async openInvitation<Offer>(invitation: string): Promise<Offer> {
    return (
      await request(this.fetch, `${INVITATIONS}/open`, asJson('POST', { invitation }))
    ).json() as Promise<Offer>;
  }

  /** Joins, and is signed in there. @throws RequestProblem  invitation.unknown, credentials.wrong, server.away */
  async acceptInvitation(acceptance: { invitation: string; name: string; password: string }): Promise<void> {
    this.enter(await this.open(`${INVITATIONS}/accept`, acceptance));
  }

  /**
   * Ends the session here and on the server.
   *
   * @throws RequestProblem  server.away: the cookie lives on, so we do not pretend to have signed out
   */
  readonly signOut = async (): Promise<void> => {
    await request(this.fetch, SESSIONS, { method: 'DELETE' }).catch((problem: RequestProblem) => {
      if (!isRefusal(problem)) throw problem;
    });
    this.forget();
  };

  /** Signed out, without asking the server: it has said so itself, or another tab has done it. */
  readonly forget = (notice: string | null = null): void => {
    this.access = null;
    this.become({ kind: 'signed-out', notice });
  };

  /**
   * A valid access token, renewed when it is about to run out, or when the server says it has (`expired`).
   *
   * @throws RequestProblem  the session has ended, or server.away
   */
  readonly getToken = async (reason: 'start' | 'expired' = 'start'): Promise<string> => {
    const fresh = this.access && this.access.expiresAt - this.clock.now() > RENEW_BEFORE_MS;
    if (reason === 'start' && this.access && fresh) return this.access.token;
    this.renewing ??= this.renew().finally(() => {
      this.renewing = null;
    });
    return this.renewing;
  };

  private async renew(): Promise<string> {
    try {
      const signedIn = await this.open(`${SESSIONS}/refresh`);
      const { state } = this;
      if (state.kind === 'signed-out') throw new RequestProblem('token.missing', 'Signed out meanwhile.');
      // Another tab may have signed in as somebody else; the cookie is one for all tabs.
      if (state.kind === 'signed-in' && state.userId === signedIn.user_id) this.keep(signedIn);
      else this.enter(signedIn);
      return signedIn.access_token;
    } catch (error) {
      if (isRefusal(error as RequestProblem) && this.state.kind === 'signed-in')
        this.become({ ...this.state, kind: 'ended' });
      throw error;
    }
  }

  private async resume(delayMs = ASK_AGAIN_MIN_MS): Promise<void> {
    this.cancelAsking();
    try {
      this.enter((await this.openByLink()) ?? (await this.open(`${SESSIONS}/refresh`)));
    } catch (error) {
      const problem = error as RequestProblem;
      if (isRefusal(problem)) return this.forget(this.linkNotice);
      if (!isPassing(problem)) return this.forget(problem.message);
      this.become({ kind: 'unreachable' });
      const nextMs = Math.min(ASK_AGAIN_MAX_MS, delayMs * 2);
      this.cancelAsking = this.clock.after(delayMs, () => void this.resume(nextMs));
    }
  }

  /** Null without a link, or with one that is of no use; a link that never reached the server is kept for the next try. */
  private async openByLink(): Promise<SignedIn | null> {
    const link = this.unspentLink;
    if (link === null) return null;
    try {
      const signedIn = await this.open(SESSIONS, { link });
      this.unspentLink = null;
      return signedIn;
    } catch (error) {
      const problem = error as RequestProblem;
      if (isPassing(problem)) throw problem;
      this.unspentLink = null;
      this.linkNotice = linkSentence(problem);
      return null;
    }
  }

  private async open(path: string, body: Record<string, string> = {}): Promise<SignedIn> {
    return (await request(this.fetch, path, asJson('POST', body))).json() as Promise<SignedIn>;
  }

  private enter(signedIn: SignedIn): void {
    this.cancelAsking();
    this.keep(signedIn);
    this.become({ kind: 'signed-in', userId: signedIn.user_id, orgId: signedIn.org_id });
  }

  private keep(signedIn: SignedIn): void {
    const expiresAt = this.clock.now() + signedIn.expires_in * 1000;
    this.access = { token: signedIn.access_token, expiresAt };
  }

  private become(state: SessionState): void {
    this.state = state;
    for (const listener of [...this.listeners]) listener();
  }
}

/** Nothing is decided: the server did not answer, or could not. */
function isPassing(problem: RequestProblem): boolean {
  return /^(server|store)\./.test(problem.code);
}

/** Nobody is signed in, says the server. */
function isRefusal(problem: RequestProblem): boolean {
  return problem.code === 'token.invalid' || problem.code === 'token.missing';
}
