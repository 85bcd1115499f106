import { Failure, type Role } from '@roost/protocol';
import type { Clock, Secrets } from '../clock.ts';
import type { Actor, CommandBus } from '../commands/index.ts';
import { commands, queries } from '../domain/index.ts';
import type { Passwords } from './passwords.ts';
import type { Person } from './principal.ts';
import { hashSecret, newSecret } from './secret.ts';
import type { Client, OpenedSession, SignIn } from './sign-in.ts';

/** Long enough for a holiday, short enough that a forgotten mail opens nothing. */
export const INVITATION_LIFETIME_MS = 14 * 24 * 60 * 60_000;

const system = { kind: 'system', name: 'access' } as const;

export interface Invited {
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  /** Inboxes they are put into, besides those that everybody sees. */
  readonly inbox_ids: readonly string[];
}

export interface Invitation {
  readonly id: string;
  /** Told this once; only its digest is kept. */
  readonly secret: string;
  /** ms since 1970 UTC. */
  readonly expires_at: number;
}

/** What the holder of a link is shown before they accept. */
export interface Offer {
  readonly org_id: string;
  readonly organisation: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly expires_at: number;
  /** `password`: choose one. `sign-in`: there is an account with this address; give its password, or sign in first. */
  readonly needs: 'password' | 'sign-in';
}

export interface Acceptance {
  readonly secret: string;
  readonly name: string;
  /** Somebody new chooses it, who has an account proves by it who they are; null for who is signed in. */
  readonly password: string | null;
  readonly person: Person | null;
}

interface Needs {
  readonly bus: Pick<CommandBus, 'execute' | 'query'>;
  readonly signIn: SignIn;
  readonly passwords: Passwords;
  readonly clock: Pick<Clock, 'now'>;
}

/** Invites somebody to an organisation. @throws member.exists, inbox.unknown, access.forbidden */
export async function invite(
  { bus, secrets, clock }: { bus: Pick<CommandBus, 'execute'>; secrets: Secrets; clock: Pick<Clock, 'now'> },
  { org, actor }: { readonly org: string; readonly actor: Actor },
  { inbox_ids, ...invited }: Invited,
): Promise<Invitation> {
  const secret = newSecret(secrets);
  const expires_at = clock.now() + INVITATION_LIFETIME_MS;
  const { result } = await bus.execute(commands.inviteMember, {
    org,
    actor,
    input: { ...invited, inbox_ids: [...inbox_ids], hash: hashSecret(secret), expires_at },
  });
  return { id: result.invitation_id, secret, expires_at };
}

/** The link to open. The secret stands in the fragment, so that it never reaches a server's or a proxy's log. */
export function invitationUrl(publicUrl: string, secret: string): string {
  return `${publicUrl}/join#invitation=${secret}`;
}

/** What the holder of an invitation's link does with it. */
export class Invitations {
  constructor(private readonly needs: Needs) {}

  /** @throws invitation.unknown; request.too_many */
  offer(secret: string, client: Client): Promise<Offer> {
    return this.needs.signIn.attempt(client, async () => {
      const { org, org_name, email, name, role, expires_at, account } = await this.opened(secret);
      const needs = account ? ('sign-in' as const) : ('password' as const);
      return { org_id: org, organisation: org_name, email, name, role, expires_at, needs };
    });
  }

  /**
   * Spends an invitation for a membership and a session.
   *
   * @throws invitation.unknown, credentials.wrong, member.exists, request.invalid; request.too_many
   */
  async accept({ secret, name, password, person }: Acceptance, client: Client): Promise<OpenedSession> {
    const { bus, signIn, passwords } = this.needs;
    const { org, email, account } = await signIn.attempt(client, () => this.opened(secret));
    const proved_user_id = account && (await this.prove(account.user_id, email, password, person, client));
    if (!account && password === null) throw new Failure('request.invalid', 'Choose a password.');
    const password_hash = account || password === null ? null : await passwords.hash(password);
    return signIn.open(org, false, client, async (session) => {
      const input = { hash: hashSecret(secret), name, password_hash, proved_user_id, session };
      return (await bus.execute(commands.acceptInvitation, { org, actor: system, input })).result;
    });
  }

  private async prove(
    userId: string,
    email: string,
    password: string | null,
    person: Person | null,
    client: Client,
  ): Promise<string> {
    if (person?.actor.kind === 'member' && !person.from_host && person.user_id === userId) return userId;
    if (password === null)
      throw new Failure('credentials.wrong', `Sign in as ${email} first: this address has an account here.`);
    return (await this.needs.signIn.prove(email, password, client)).user_id;
  }

  private async opened(secret: string) {
    const { bus, clock } = this.needs;
    const input = { hash: hashSecret(secret) };
    const found = await bus.query(queries.openInvitation, { org: '', actor: system, input });
    if (!found || found.expires_at <= clock.now()) throw new Failure('invitation.unknown');
    return found;
  }
}
