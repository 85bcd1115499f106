import { Failure } from '@roost/protocol';
import type { Clock } from '../clock.ts';
import type { Actor, CommandBus } from '../commands/index.ts';
import { commands, queries } from '../domain/index.ts';
import { Attempts } from './attempts.ts';
import type { Passwords } from './passwords.ts';

const system = { kind: 'system', name: 'access' } as const;

interface Needs {
  readonly bus: Pick<CommandBus, 'execute' | 'query'>;
  readonly passwords: Passwords;
  readonly clock: Pick<Clock, 'now'>;
}

interface Person {
  readonly org: string;
  readonly user_id: string;
  readonly actor: Actor;
  readonly came_by_link: boolean;
}

/** A person's change of their own password. */
export class OwnPassword {
  private readonly attempts: Attempts;

  constructor(private readonly needs: Needs) {
    this.attempts = new Attempts(needs.clock);
  }

  /**
   * Who has a password must give it, so that an unattended screen is not enough to take an account over; except
   * right after a one-time link, which is how a forgotten one is replaced.
   *
   * @throws credentials.wrong; request.too_many; access.forbidden  for anything but a signed-in person
   */
  async set(person: Person, password: string, current: string | null): Promise<void> {
    const { bus, passwords } = this.needs;
    const { org, user_id, actor } = person;
    if (actor.kind !== 'member')
      throw new Failure('access.forbidden', 'Only a signed-in person may do this.');
    if (!person.came_by_link) await this.check(person, current);
    const password_hash = await passwords.hash(password);
    await bus.execute(commands.setPassword, { org, actor: system, input: { user_id, password_hash } });
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
