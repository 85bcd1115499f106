import type { Ephemeron, PresenceState } from '../sync/index.ts';
import type { Connection } from './connection.ts';

/** Channels that people see each other in. */
const SHARED = 'thread:';

type Here = Exclude<PresenceState, 'offline'>;

/** One person in one place, by the connections of this node that put them there. */
interface Attending {
  readonly org: string;
  readonly user_id: string;
  readonly scope: string | null;
  readonly connections: Map<Connection, Here>;
}

/** Where the people of this node are: here at all, and in the conversations they have open. Says what changes. */
export class Attendance {
  private readonly byKey = new Map<string, Attending>();
  private readonly keysOf = new Map<Connection, Set<string>>();

  constructor(
    private readonly node: string,
    private readonly say: (org: string, signal: Ephemeron) => void,
    /** A connection has come to a place: it is told who is there already. */
    private readonly came: (connection: Connection, scope: string) => void,
  ) {}

  /** To be called when a connection opened or closed channels, or went away or came back. */
  settle(connection: Connection): void {
    const { org, user_id } = connection.identity;
    const scopes = connection.isOpen ? [null, ...sharedScopes(connection)] : [];
    const keys = new Map(scopes.map((scope) => [`${org}\n${user_id}\n${scope ?? ''}`, scope]));
    const before = this.keysOf.get(connection) ?? new Set<string>();
    for (const key of before) if (!keys.has(key)) this.move(key, connection, null);
    for (const [key, scope] of keys) {
      if (!this.byKey.has(key)) this.byKey.set(key, { org, user_id, scope, connections: new Map() });
      this.move(key, connection, connection.isAway ? 'away' : 'online');
      if (scope !== null && !before.has(key)) this.came(connection, scope);
    }
    if (keys.size > 0) this.keysOf.set(connection, new Set(keys.keys()));
    else this.keysOf.delete(connection);
  }

  /** Says again where a connection's person is, each place once for `said`. */
  repeat(connection: Connection, said: Set<string>): void {
    for (const key of this.keysOf.get(connection) ?? []) {
      const attending = this.byKey.get(key);
      if (!attending || said.has(key)) continue;
      said.add(key);
      this.tell(attending, stateOf(attending));
    }
  }

  /** The places of others that a connection can see into. */
  scopesOf(connection: Connection): readonly string[] {
    return this.keysOf.has(connection) ? sharedScopes(connection) : [];
  }

  private move(key: string, connection: Connection, to: Here | null): void {
    const attending = this.byKey.get(key);
    if (!attending) return;
    const was = stateOf(attending);
    if (to === null) attending.connections.delete(connection);
    else attending.connections.set(connection, to);
    const is = stateOf(attending);
    if (is === 'offline') this.byKey.delete(key);
    if (is !== was) this.tell(attending, is);
  }

  private tell({ org, user_id, scope }: Attending, state: PresenceState): void {
    this.say(org, { kind: 'presence', user_id, scope, node: this.node, state });
  }
}

function stateOf({ connections }: Attending): PresenceState {
  if (connections.size === 0) return 'offline';
  return [...connections.values()].includes('online') ? 'online' : 'away';
}

function sharedScopes({ subscriptions }: Connection): string[] {
  const channels = subscriptions.map(({ channel }) => channel.view.channel);
  return [...new Set(channels.filter((channel) => channel.startsWith(SHARED)))];
}
