import { Failure } from '@roost/protocol';
import type { Clock } from '../clock.ts';
import type { CommandBus } from '../commands/index.ts';
import { commands, queries, type SessionListed } from '../domain/index.ts';
import type { Person } from './principal.ts';

const system = { kind: 'system', name: 'access' } as const;

type Bus = Pick<CommandBus, 'execute' | 'query'>;

/**
 * Where a person is signed in. An account is one in every organisation of theirs, and so are its sessions; whom a host
 * application vouches for sees those of its own organisation.
 */
export class OwnSessions {
  constructor(
    private readonly bus: Bus,
    private readonly clock: Pick<Clock, 'now'>,
  ) {}

  async list(person: Person): Promise<(SessionListed & { readonly is_current: boolean })[]> {
    const only_org = person.from_host ? person.org : null;
    const input = { user_id: person.user_id, only_org, now: this.clock.now() };
    const sessions = await this.bus.query(queries.listSessionsOf, { org: '', actor: system, input });
    return sessions.map((session) => ({ ...session, is_current: session.id === person.session_id }));
  }

  /** Ends one of them. @throws session.unknown */
  async end(person: Person, sessionId: string): Promise<void> {
    const session = (await this.list(person)).find(({ id }) => id === sessionId);
    if (!session) throw new Failure('session.unknown');
    const input = { session_id: sessionId };
    await this.bus.execute(commands.closeSession, { org: session.org, actor: system, input });
  }

  /** Ends all but the one that asks. @returns how many */
  async endOthers(person: Person): Promise<number> {
    const { org, user_id, session_id: kept_id } = person;
    const here = await this.bus.execute(commands.closeOtherSessions, {
      org,
      actor: system,
      input: { user_id, kept_id },
    });
    if (person.from_host) return here.result.ended;
    return here.result.ended + (await endSessionsElsewhere(this.bus, { org, user_id, kept_id }));
  }
}

/** Ends a person's sessions in every organisation but this one. @returns how many */
export async function endSessionsElsewhere(
  bus: Bus,
  { org: here, user_id, kept_id }: { org: string; user_id: string; kept_id: string },
): Promise<number> {
  const own = await bus.query(queries.listOwnOrganisations, { org: '', actor: system, input: { user_id } });
  let ended = 0;
  for (const { id: org } of own.filter(({ id }) => id !== here)) {
    const input = { user_id, kept_id };
    ended += (await bus.execute(commands.closeOtherSessions, { org, actor: system, input })).result.ended;
  }
  return ended;
}
