import { Failure, normalAddress, type SignedIn } from '@roost/protocol';
import type { Clock, Secrets } from '../clock.ts';
import type { CommandBus } from '../commands/index.ts';
import { commands, queries } from '../domain/index.ts';
import { ACCESS_TOKEN_SECONDS, type AccessTokens, type Claims } from './access-token.ts';
import { Attempts, networkOf } from './attempts.ts';
import type { Passwords } from './passwords.ts';
import { hashSecret, isSecretOf, newSecret } from './secret.ts';

export const SESSION_LIFETIME_MS = 30 * 24 * 60 * 60_000;

const system = { kind: 'system', name: 'access' } as const;

/** A session just opened: what the client is told, and the key that only its cookie holds. */
export interface OpenedSession {
  readonly signedIn: SignedIn;
  /** `<session id>.<secret>` */
  readonly key: string;
  readonly lifetimeMs: number;
}

interface Needs {
  readonly bus: Pick<CommandBus, 'execute' | 'query'>;
  readonly tokens: AccessTokens;
  readonly passwords: Passwords;
  readonly clock: Pick<Clock, 'now'>;
  readonly secrets: Secrets;
}

/** Opens, renews and ends sessions. A session is a key in a cookie; what requests carry is a short-lived token. */
export class SignIn {
  private readonly attempts: Attempts;

  constructor(private readonly needs: Needs) {
    this.attempts = new Attempts(needs.clock);
  }

  /**
   * @param from  network address of the client
   * @throws credentials.wrong; request.too_many  with `retryAfterMs`
   */
  async byPassword(email: string, password: string, from: string): Promise<OpenedSession> {
    const { bus, passwords } = this.needs;
    const keys = [`from ${networkOf(from)}`, `for ${normalAddress(email)}`];
    this.attempts.take(...keys);
    const person = await bus.query(queries.readCredentials, { org: '', actor: system, input: { email } });
    const isRight = await passwords.verify(person?.password_hash ?? null, password);
    if (!person || !isRight) throw new Failure('credentials.wrong');
    this.attempts.giveBack(...keys);
    return this.open(person.org, false, (session) =>
      bus
        .execute(commands.openSession, {
          org: person.org,
          actor: system,
          input: { user_id: person.user_id, ...session },
        })
        .then(({ result }) => ({ ...result, user_id: person.user_id })),
    );
  }

  /** Spends a one-time link. @throws token.invalid; request.too_many  with `retryAfterMs` */
  async byLink(link: string, from: string): Promise<OpenedSession> {
    const { bus } = this.needs;
    const key = `from ${networkOf(from)}`;
    this.attempts.take(key);
    const hash = hashSecret(link);
    const org = await bus.query(queries.findSignInLink, { org: '', actor: system, input: { hash } });
    if (!org) throw new Failure('token.invalid', 'This sign-in link was used already, or is too old.');
    const opened = await this.open(org, true, (session) =>
      bus
        .execute(commands.redeemSignInLink, { org, actor: system, input: { hash, ...session } })
        .then(({ result }) => result),
    );
    this.attempts.giveBack(key);
    return opened;
  }

  /** A fresh access token for the session behind the cookie. @throws token.missing, token.invalid */
  async renew(key: string | null): Promise<SignedIn> {
    const { org, user_id, session_id } = await this.sessionBehind(key);
    return this.tell({ org, user_id, session_id, came_by_link: false });
  }

  /** Ends the session behind the cookie. @throws token.missing, token.invalid */
  async end(key: string | null): Promise<void> {
    const { org, session_id } = await this.sessionBehind(key);
    await this.needs.bus.execute(commands.closeSession, { org, actor: system, input: { session_id } });
  }

  private async sessionBehind(key: string | null) {
    if (!key) throw new Failure('token.missing');
    const dot = key.indexOf('.');
    const session = await this.needs.bus.query(queries.findSession, {
      org: '',
      actor: system,
      input: { session_id: key.slice(0, Math.max(0, dot)) },
    });
    const isLive =
      session !== null &&
      isSecretOf(key.slice(dot + 1), session.secret_hash) &&
      session.expires_at > this.needs.clock.now();
    if (!isLive) throw new Failure('token.invalid', 'This session has ended.');
    return session;
  }

  private async open(
    org: string,
    came_by_link: boolean,
    store: (session: {
      secret_hash: string;
      expires_at: number;
    }) => Promise<{ session_id: string; user_id: string }>,
  ): Promise<OpenedSession> {
    const secret = newSecret(this.needs.secrets);
    const expires_at = this.needs.clock.now() + SESSION_LIFETIME_MS;
    const { session_id, user_id } = await store({ secret_hash: hashSecret(secret), expires_at });
    return {
      signedIn: await this.tell({ org, user_id, session_id, came_by_link }),
      key: `${session_id}.${secret}`,
      lifetimeMs: SESSION_LIFETIME_MS,
    };
  }

  private async tell(claims: Omit<Claims, 'expires_at'>): Promise<SignedIn> {
    const access_token = await this.needs.tokens.sign(claims);
    return { access_token, expires_in: ACCESS_TOKEN_SECONDS, user_id: claims.user_id, org_id: claims.org };
  }
}
