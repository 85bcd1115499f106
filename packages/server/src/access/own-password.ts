import { Failure } from '@roost/protocol';
import type { Clock } from '../clock.ts';
import type { CommandBus } from '../commands/index.ts';
import { commands, queries } from '../domain/index.ts';
import { Attempts } from './attempts.ts';
import { endSessionsElsewhere } from './own-sessions.ts';
import type { Passwords } from './passwords.ts';
import type { Person } from './principal.ts';

const system = { kind: 'system', name: 'access' } as const;

interface Needs {
  readonly bus: Pick<CommandBus, 'execute' | 'query'>;
  readonly passwords: Passwords;
  readonly clock: Pick<Clock, 'now'>;
}

/** A person's change of their own password. */
export class OwnPassword {
  private readonly attempts: Attempts;

  constructor(private readonly needs: Needs) {
    this.attempts = new Attempts(needs.clock);
  }

  /**
   * Who has a password must give it, so that an unattended screen is not enough to take an account over; except
   * right after a one-time link, which is how a forgotten one is replaced. Their other sessions end, in every
   * organisation.
   *
   * @throws credentials.wrong; request.too_many; access.forbidden  for anything but a signed-in person
   */
  async set(person: Person, password: string, current: string | null): Promise<void> {
    const { bus, passwords } = this.needs;
    const { org, user_id, actor } = person;
    // A host vouches for somebody's session, not for the account: a password would outlive it, and open more.
    if (actor.kind !== 'member' || person.from_host)
      throw new Failure('access.forbidden', 'Only a signed-in person may do this.');
    if (!person.came_by_link) await this.check(person, current);
    const password_hash = await passwords.hash(password);
    const kept_id = actor.session_id;
    const input = { user_id, password_hash, kept_session_id: kept_id };
    await bus.execute(commands.setPassword, { org, actor: system, input });
    await endSessionsElsewhere(bus, { org, user_id, kept_id });
  }

  private async check({ org, user_id }: Person, current: string | null): Promise<void> {
    const { bus, passwords } = this.needs;
    const stored = await bus.query(queries.readPasswordHash, { org, actor: system, input: { user_id } });
    if (stored === null) return;
    this.attempts.take(user_id);
    if (current === null || !(await passwords.verify(stored, current))) {
      throw new Failure('credentials.wrong', 'The current password is not right.');
    }
    this.attempts.giveBack(user_id);
  }
}
