import { arrivalOffset, Failure, formatCursor, limits } from '@roost/protocol';
import type { Clock, Random } from '../clock.ts';
import { type Entry, Ephemera, type Ephemeron, type Hub } from '../sync/index.ts';
import { Connection, type ConnectionHome } from './connection.ts';
import { encodeFrame } from './frame.ts';
import type { GatewayNeeds, Principal } from './needs.ts';
import type { Wire } from './wire.ts';

/** Every connection is looked at once a heartbeat, a share of them at a time. */
const TICKS_PER_HEARTBEAT = 25;
const TICK_MS = limits.HEARTBEAT_MS / TICKS_PER_HEARTBEAT;

const MEMBERSHIP_ENDED = 'You are no longer a member of this organisation.';

/** Says something ephemeral to the other nodes. */
export type Publish = (org: string, signal: Ephemeron) => void;

/** All connections of this node. */
export class Gateway implements ConnectionHome {
  private readonly connections = new Set<Connection>();
  private readonly byOrg = new Map<string, Set<Connection>>();
  /** Open connections of each person here, for presence. */
  private readonly people = new Map<string, number>();
  private readonly shares: Set<Connection>[] = Array.from({ length: TICKS_PER_HEARTBEAT }, () => new Set());
  private readonly ephemera: Ephemera;
  private tickCount = 0;
  private connectCount = 0;
  private cancelTick: () => void = () => {};
  private isDraining = false;

  constructor(
    readonly hub: Hub,
    readonly needs: GatewayNeeds,
    readonly clock: Clock,
    private readonly random: Random,
    private readonly node: string,
    private readonly publish: Publish,
  ) {
    this.ephemera = new Ephemera(clock, (org, signal) => this.tell(org, signal));
    hub.watch({ entry: (org, entry) => this.revoke(org, entry), began: () => {} });
    this.scheduleTick();
  }

  get connectionCount(): number {
    return this.connections.size;
  }

  /** Takes a new connection; frames of it go to what is returned. */
  connect(wire: Wire): Connection {
    const connection = new Connection(this, wire);
    this.connections.add(connection);
    // In turn, however many leave meanwhile: the work of a heartbeat stays spread over all of it.
    this.connectCount += 1;
    this.shares[this.connectCount % TICKS_PER_HEARTBEAT]?.add(connection);
    this.needs.observer.connections(this.connections.size);
    if (this.isDraining) connection.fail(new Failure('server.draining'));
    return connection;
  }

  /** A signal from another node. */
  take(org: string, signal: Ephemeron): void {
    this.ephemera.take(org, signal);
  }

  /**
   * Sends everybody away, each with a delay of their own after which to come back, so that they do not all come at
   * once. Resolves when the last has gone, or after the deadline.
   */
  async drain(deadlineMs: number = limits.DRAIN_DEADLINE_MS / 2): Promise<void> {
    this.isDraining = true;
    this.cancelTick();
    this.ephemera.stop();
    const closing = [...this.connections].map((connection) => {
      const retryAfterMs = Math.round(this.random() * limits.DRAIN_SPREAD_MS);
      connection.send(JSON.stringify({ type: 'drain', retry_after_ms: retryAfterMs }));
      return connection.close(1012, 'The server is restarting.');
    });
    let cancelDeadline = () => {};
    const deadline = new Promise<void>((resolve) => {
      cancelDeadline = this.clock.after(deadlineMs, resolve);
    });
    await Promise.race([Promise.all(closing), deadline]);
    cancelDeadline();
  }

  welcomed(connection: Connection): void {
    const { org, user_id } = connection.identity;
    const ofOrg = this.byOrg.get(org);
    if (ofOrg) ofOrg.add(connection);
    else this.byOrg.set(org, new Set([connection]));
    const key = `${org}\n${user_id}`;
    const count = this.people.get(key) ?? 0;
    this.people.set(key, count + 1);
    if (count === 0) this.say(org, { kind: 'presence', user_id, node: this.node, state: 'online' });
  }

  ended(connection: Connection, code: number): void {
    this.connections.delete(connection);
    for (const share of this.shares) share.delete(connection);
    this.needs.observer.connections(this.connections.size);
    this.needs.observer.closed(code);
    if (connection.principal) this.leftBy(connection);
  }

  typing(connection: Connection, scope: string): void {
    const { org, user_id } = connection.identity;
    this.say(org, { kind: 'typing', user_id, scope });
  }

  presence(connection: Connection): Buffer | null {
    const online = this.ephemera.online(connection.identity.org);
    if (online.length === 0) return null;
    return Buffer.concat(online.map((userId) => encodeFrame(presenceText(userId, 'online'))));
  }

  private leftBy(connection: Connection): void {
    const { org, user_id } = connection.identity;
    const ofOrg = this.byOrg.get(org);
    ofOrg?.delete(connection);
    if (ofOrg?.size === 0) this.byOrg.delete(org);
    const key = `${org}\n${user_id}`;
    const count = (this.people.get(key) ?? 1) - 1;
    if (count > 0) this.people.set(key, count);
    else {
      this.people.delete(key);
      this.say(org, { kind: 'presence', user_id, node: this.node, state: 'offline' });
    }
  }

  /** Here and on every other node. */
  private say(org: string, signal: Ephemeron): void {
    this.ephemera.take(org, signal);
    this.publish(org, signal);
  }

  private tell(org: string, signal: Ephemeron): void {
    const text = signal.kind === 'presence' ? presenceText(signal.user_id, signal.state) : typingText(signal);
    const frame = encodeFrame(text);
    for (const connection of this.byOrg.get(org) ?? []) {
      if (!connection.isLive) continue;
      const isMeant =
        signal.kind === 'presence'
          ? connection.wantsPresence
          : connection.identity.user_id !== signal.user_id &&
            connection.subscriptions.some(({ channel }) => channel.view.channel === signal.scope);
      if (isMeant) connection.sendEncoded(frame);
    }
  }

  /** Whoever lost their session or membership is gone before the entry that says so reaches any reader (rule A1). */
  private revoke(org: string, entry: Entry): void {
    for (const { kind, id, after } of entry.changes) {
      if (after !== null) continue;
      if (kind === 'session')
        this.closeWhere(org, (held) => held.session_id === id, new Failure('token.invalid'));
      if (kind === 'member') {
        // Who became a member again and came here before this node heard of the end comes with a later session.
        const isMeant = (held: Principal) =>
          held.user_id === id && arrivalOffset(held.session_id) <= entry.offset;
        this.closeWhere(org, isMeant, new Failure('access.forbidden', MEMBERSHIP_ENDED));
      }
    }
  }

  private closeWhere(org: string, isMeant: (held: Principal) => boolean, failure: Failure): void {
    for (const connection of [...(this.byOrg.get(org) ?? [])]) {
      if (connection.principal && isMeant(connection.principal)) connection.fail(failure);
    }
  }

  private scheduleTick(): void {
    this.cancelTick = this.clock.after(TICK_MS, () => {
      this.tickCount += 1;
      this.tick(this.shares[this.tickCount % TICKS_PER_HEARTBEAT] ?? new Set());
      if (!this.isDraining) this.scheduleTick();
    });
  }

  private tick(share: ReadonlySet<Connection>): void {
    const now = this.clock.now();
    const made: Heartbeat = { pings: new Map(), presences: new Map(), said: new Set() };
    for (const connection of [...share]) {
      connection.lookAtProgress();
      const { principal } = connection;
      if (now - connection.heardAt > limits.SILENCE_MS) connection.fail(new Failure('connection.silent'));
      else if (principal?.expires_at != null && principal.expires_at <= now)
        connection.fail(new Failure('token.invalid'));
      else if (principal) this.beat(connection, principal, made);
    }
  }

  /** Says that both are still here: to the connection, and of the person. Whoever is slow is told nothing. */
  private beat(
    connection: Connection,
    { org, user_id }: Principal,
    { pings, presences, said }: Heartbeat,
  ): void {
    if (connection.isLive) {
      const ping = once(pings, org, () => this.ping(org));
      connection.ping(ping.frame, ping.offset);
      const presence =
        connection.wantsPresence && once(presences, org, () => this.presence(connection) ?? NOTHING);
      // What is said of others runs out as well: those who want to know are told again (rule P1).
      if (presence && presence.length > 0) connection.sendEncoded(presence);
    }
    const person = `${org}\n${user_id}`;
    if (said.has(person)) return;
    said.add(person);
    this.say(org, { kind: 'presence', user_id, node: this.node, state: 'online' });
  }

  private ping(org: string): Ping {
    const cursor = this.hub.cursorOf(org);
    const text = cursor ? formatCursor(cursor) : '';
    return { frame: encodeFrame(`{"type":"ping","cursor":"${text}"}`), offset: cursor?.offset ?? 0 };
  }
}

/** What one tick has made and said already, by organisation and by person. */
interface Heartbeat {
  readonly pings: Map<string, Ping>;
  readonly presences: Map<string, Buffer>;
  readonly said: Set<string>;
}

interface Ping {
  readonly frame: Buffer;
  readonly offset: number;
}

const NOTHING = Buffer.alloc(0);

function once<T>(made: Map<string, T>, key: string, make: () => T): T {
  let known = made.get(key);
  if (known === undefined) {
    known = make();
    made.set(key, known);
  }
  return known;
}

function presenceText(userId: string, state: 'online' | 'offline'): string {
  return JSON.stringify({
    type: 'presence',
    user_id: userId,
    state,
    lifetime_ms: limits.PRESENCE_LIFETIME_MS,
  });
}

function typingText(signal: Ephemeron & { kind: 'typing' }): string {
  return JSON.stringify({
    type: 'typing',
    scope: signal.scope,
    user_id: signal.user_id,
    lifetime_ms: limits.TYPING_LIFETIME_MS,
  });
}
