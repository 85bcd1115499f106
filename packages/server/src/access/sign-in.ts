import { Failure, normalAddress, type SignedIn } from '@roost/protocol';
import type { Clock, Secrets } from '../clock.ts';
import type { CommandBus } from '../commands/index.ts';
import { commands, type NewSession, queries } from '../domain/index.ts';
import { ACCESS_TOKEN_SECONDS, type AccessTokens, type Claims } from './access-token.ts';
import { Attempts, networkOf } from './attempts.ts';
import type { Passwords } from './passwords.ts';
import type { Person } from './principal.ts';
import { hashSecret, newSecret } from './secret.ts';
import type { SessionKeys } from './session-key.ts';

export const SESSION_LIFETIME_MS = 30 * 24 * 60 * 60_000;
const USER_AGENT_MAX_CHARS = 200;
const IP_MAX_CHARS = 64;

const system = { kind: 'system', name: 'access' } as const;

/** Where a request comes from. */
export interface Client {
  readonly ip: string;
  readonly user_agent: string;
}

/** A session just opened or renewed: what the client is told, and the key that only its cookie holds. */
export interface OpenedSession {
  readonly signedIn: SignedIn;
  /** See {@link SessionKeys}. */
  readonly key: string;
  readonly lifetimeMs: number;
}

/** Stores a session that was prepared here. */
export type StoreSession = (session: NewSession) => Promise<{ session_id: string; user_id: string }>;

interface Needs {
  readonly bus: Pick<CommandBus, 'execute' | 'query'>;
  readonly tokens: AccessTokens;
  readonly keys: SessionKeys;
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
   * @param wanted  the organisation to sign in to; the person's oldest when null
   * @throws credentials.wrong; access.forbidden  not a member there; request.too_many  with `retryAfterMs`
   */
  async byPassword(
    { email, password, org: wanted }: { email: string; password: string; org: string | null },
    client: Client,
  ): Promise<OpenedSession> {
    const { user_id, orgs } = await this.prove(email, password, client);
    const org = wanted ?? orgs[0];
    if (org === undefined || !orgs.includes(org))
      throw new Failure('access.forbidden', 'You are not a member of this organisation.');
    return this.openIn(org, user_id, client);
  }

  /**
   * Whose address and password these are.
   *
   * @throws credentials.wrong; request.too_many  with `retryAfterMs`
   */
  async prove(
    email: string,
    password: string,
    { ip }: Client,
  ): Promise<{ user_id: string; orgs: readonly string[] }> {
    const { bus, passwords } = this.needs;
    const keys = [`from ${networkOf(ip)}`, `for ${normalAddress(email)}`];
    this.attempts.take(...keys);
    const person = await bus.query(queries.readCredentials, { org: '', actor: system, input: { email } });
    const isRight = await passwords.verify(person?.password_hash ?? null, password);
    if (!person || !isRight) throw new Failure('credentials.wrong');
    this.attempts.giveBack(...keys);
    return person;
  }

  /** Counts an attempt to use a secret link; given back by `run` succeeding. @throws request.too_many */
  async attempt<T>({ ip }: Client, run: () => Promise<T>): Promise<T> {
    const key = `from ${networkOf(ip)}`;
    this.attempts.take(key);
    const done = await run();
    this.attempts.giveBack(key);
    return done;
  }

  /** Spends a one-time link. @throws token.invalid; request.too_many  with `retryAfterMs` */
  byLink(link: string, client: Client): Promise<OpenedSession> {
    const { bus } = this.needs;
    return this.attempt(client, async () => {
      const hash = hashSecret(link);
      const org = await bus.query(queries.findSignInLink, { org: '', actor: system, input: { hash } });
      if (!org) throw new Failure('token.invalid', 'This sign-in link was used already, or is too old.');
      return this.open(org, true, client, (session) =>
        bus
          .execute(commands.redeemSignInLink, { org, actor: system, input: { hash, session } })
          .then(({ result }) => result),
      );
    });
  }

  /**
   * Goes on in another organisation of the person who asks; the session they come from ends.
   *
   * @throws access.forbidden  not a member there, or not signed in as a person
   */
  async switchTo(person: Person, org: string, client: Client): Promise<OpenedSession> {
    const { bus } = this.needs;
    if (person.actor.kind !== 'member' || person.from_host)
      throw new Failure('access.forbidden', 'Only a signed-in person may do this.');
    const { user_id, session_id } = person;
    const own = await bus.query(queries.listOwnOrganisations, { org: '', actor: system, input: { user_id } });
    if (!own.some(({ id }) => id === org))
      throw new Failure('access.forbidden', 'You are not a member of this organisation.');
    const opened = await this.openIn(org, user_id, client);
    await bus.execute(commands.closeSession, { org: person.org, actor: system, input: { session_id } });
    return opened;
  }

  /**
   * A fresh access token for the session behind the cookie, and the cookie's next key. A key from before the current
   * one ends the session: somebody holds a copy.
   *
   * @throws token.missing, token.invalid
   */
  async renew(key: string | null, { ip }: Client): Promise<OpenedSession> {
    const { bus, keys } = this.needs;
    const { session, generation } = await this.sessionBehind(key);
    const { org, user_id, session_id } = session;
    const { result } = await bus.execute(commands.rotateSession, {
      org,
      actor: system,
      input: { session_id, generation },
    });
    if (result.state === 'replayed') {
      const input = { session_id, ip: ip.slice(0, IP_MAX_CHARS) };
      await bus.execute(commands.endReplayedSession, { org, actor: system, input });
      throw new Failure(
        'token.invalid',
        'This session was used in two places and has been ended; sign in again.',
      );
    }
    return {
      signedIn: await this.tell({ org, user_id, session_id, came_by_link: false }),
      key: keys.make(session, result.generation),
      lifetimeMs: Math.max(0, session.expires_at - this.needs.clock.now()),
    };
  }

  /** Ends the session behind the cookie. @throws token.missing, token.invalid */
  async end(key: string | null): Promise<void> {
    const { session } = await this.sessionBehind(key);
    const { org, session_id } = session;
    await this.needs.bus.execute(commands.closeSession, { org, actor: system, input: { session_id } });
  }

  /** Prepares a session, has it stored, and makes what its holder gets. */
  async open(
    org: string,
    came_by_link: boolean,
    { ip, user_agent }: Client,
    store: StoreSession,
  ): Promise<OpenedSession> {
    const { keys, secrets, clock } = this.needs;
    const seed = newSecret(secrets);
    const { session_id, user_id } = await store({
      seed,
      expires_at: clock.now() + SESSION_LIFETIME_MS,
      from: { ip: ip.slice(0, IP_MAX_CHARS), user_agent: user_agent.slice(0, USER_AGENT_MAX_CHARS) },
    });
    return {
      signedIn: await this.tell({ org, user_id, session_id, came_by_link }),
      key: keys.make({ session_id, seed }, 0),
      lifetimeMs: SESSION_LIFETIME_MS,
    };
  }

  private openIn(org: string, user_id: string, client: Client): Promise<OpenedSession> {
    return this.open(org, false, client, async (session) => {
      const input = { user_id, ...session };
      const { result } = await this.needs.bus.execute(commands.openSession, { org, actor: system, input });
      return { ...result, user_id };
    });
  }

  private async sessionBehind(key: string | null) {
    if (!key) throw new Failure('token.missing');
    const { bus, keys, clock } = this.needs;
    const given = keys.read(key);
    const session =
      given &&
      (await bus.query(queries.findSession, {
        org: '',
        actor: system,
        input: { session_id: given.session_id },
      }));
    if (!session || !keys.isGenuine(given, session) || session.expires_at <= clock.now())
      throw new Failure('token.invalid', 'This session has ended.');
    return { session, generation: given.generation };
  }

  private async tell(claims: Omit<Claims, 'expires_at'>): Promise<SignedIn> {
    const access_token = await this.needs.tokens.sign(claims);
    return { access_token, expires_in: ACCESS_TOKEN_SECONDS, user_id: claims.user_id, org_id: claims.org };
  }
}
