import { Failure } from '@roost/protocol';
import type { Clock, Secrets } from '../clock.ts';
import type { CommandBus } from '../commands/index.ts';
import { createApiToken, type NewApiToken } from './api-token.ts';
import { OwnPassword } from './own-password.ts';
import { OwnSessions } from './own-sessions.ts';
import type { Passwords } from './passwords.ts';
import type { Person } from './principal.ts';

interface Needs {
  readonly bus: Pick<CommandBus, 'execute' | 'query'>;
  readonly passwords: Passwords;
  readonly clock: Pick<Clock, 'now'>;
  readonly secrets: Secrets;
}

/** What people do with their own account: password, sessions, API tokens. */
export class OwnAccount {
  private readonly password: OwnPassword;
  private readonly held: OwnSessions;

  constructor(private readonly needs: Needs) {
    this.password = new OwnPassword(needs);
    this.held = new OwnSessions(needs.bus, needs.clock);
  }

  /** @throws credentials.wrong; request.too_many; access.forbidden */
  setPassword(person: Person, password: string, current: string | null): Promise<void> {
    return this.password.set(person, password, current);
  }

  sessions(person: Person) {
    return this.held.list(person);
  }

  /** @throws session.unknown */
  endSession(person: Person, id: string): Promise<void> {
    return this.held.end(person, id);
  }

  /** @returns how many */
  endOtherSessions(person: Person): Promise<number> {
    return this.held.endOthers(person);
  }

  /** @throws access.forbidden  for users of a host, whose tokens end when the host says so; request.invalid */
  async createToken(person: Person, token: Pick<NewApiToken, 'name' | 'scopes' | 'expires_at'>) {
    if (person.actor.kind !== 'member' || person.from_host)
      throw new Failure('access.forbidden', 'Only a signed-in person may do this.');
    const { org, user_id, actor } = person;
    return createApiToken(this.needs.bus, this.needs.secrets, { org, user_id, ...token }, actor);
  }
}
