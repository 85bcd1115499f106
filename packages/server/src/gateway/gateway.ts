import { arrivalOffset, Failure, formatCursor, limits } from '@roost/protocol';
import type { Clock, Random } from '../clock.ts';
import { type Entry, Ephemera, type Ephemeron, type Hub, type PresenceState } from '../sync/index.ts';
import { Attendance } from './attendance.ts';
import { Connection, type ConnectionHome } from './connection.ts';
import { EventDesk } from './event-desk.ts';
import { encodeFrame } from './frame.ts';
import type { GatewayNeeds, Principal } from './needs.ts';
import { Recheck } from './recheck.ts';
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
  private readonly attendance: Attendance;
  private readonly events: EventDesk;
  private readonly shares: Set<Connection>[] = Array.from({ length: TICKS_PER_HEARTBEAT }, () => new Set());
  private readonly ephemera: Ephemera;
  private readonly recheck: Recheck<Connection>;
  private tickCount = 0;
  private connectCount = 0;
  private cancelTick: () => void = () => {};
  private isDraining = false;

  constructor(
    readonly hub: Hub,
    readonly needs: GatewayNeeds,
    readonly clock: Clock,
    private readonly random: Random,
    node: string,
    private readonly publish: Publish,
  ) {
    this.attendance = new Attendance(
      node,
      (org, signal) => this.say(org, signal),
      (connection, scope) => this.tellWhoIsIn(connection, scope),
    );
    this.ephemera = new Ephemera(clock, (org, signal) => this.tell(org, signal));
    hub.watch({ entry: (org, entry) => this.revoke(org, entry), began: () => {} });
    this.events = new EventDesk(hub);
    this.recheck = new Recheck((token) => needs.authenticate(token), clock, random);
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

  renewed(connection: Connection): void {
    this.recheck.watch(connection);
  }

  welcomed(connection: Connection): void {
    const { org } = connection.identity;
    this.recheck.watch(connection);
    const ofOrg = this.byOrg.get(org);
    if (ofOrg) ofOrg.add(connection);
    else this.byOrg.set(org, new Set([connection]));
    this.attendance.settle(connection);
  }

  /** It opened or closed channels, went away or came back. */
  moved(connection: Connection): void {
    this.attendance.settle(connection);
  }

  ended(connection: Connection, code: number): void {
    this.connections.delete(connection);
    this.recheck.forget(connection);
    for (const share of this.shares) share.delete(connection);
    this.needs.observer.connections(this.connections.size);
    this.needs.observer.closed(code);
    if (connection.principal) this.leftBy(connection);
  }

  typing(connection: Connection, scope: string): void {
    const { org, user_id } = connection.identity;
    // Only among those who have it open, which is what they were asked for when they opened it.
    if (connection.subscriptions.some(({ channel }) => channel.view.channel === scope))
      this.say(org, { kind: 'typing', user_id, scope });
  }

  openEvents(connection: Connection, id: string): Promise<void> {
    return this.events.open(connection, id);
  }

  closeEvents(connection: Connection, id: string): void {
    this.events.close(connection, id);
  }

  presence(connection: Connection): Buffer | null {
    const here = this.ephemera.here(connection.identity.org, null);
    if (here.length === 0) return null;
    return Buffer.concat(here.map(({ user_id, state }) => encodeFrame(presenceText(user_id, state, null))));
  }

  private leftBy(connection: Connection): void {
    const { org } = connection.identity;
    const ofOrg = this.byOrg.get(org);
    ofOrg?.delete(connection);
    if (ofOrg?.size === 0) this.byOrg.delete(org);
    this.events.leave(connection);
    this.attendance.settle(connection);
  }

  /** Who has a conversation open is told to whoever opens it. */
  private tellWhoIsIn(connection: Connection, scope: string): void {
    // Whoever is past their bound is told nothing that passes by itself (rule B1).
    if (!connection.isLive) return;
    const { org, user_id } = connection.identity;
    const others = this.ephemera.here(org, scope).filter((other) => other.user_id !== user_id);
    if (others.length === 0) return;
    connection.sendEncoded(
      Buffer.concat(others.map((other) => encodeFrame(presenceText(other.user_id, other.state, scope)))),
    );
  }

  /** Here and on every other node. */
  private say(org: string, signal: Ephemeron): void {
    this.ephemera.take(org, signal);
    this.publish(org, signal);
  }

  private tell(org: string, signal: Ephemeron): void {
    const text =
      signal.kind === 'presence'
        ? presenceText(signal.user_id, signal.state, signal.scope)
        : typingText(signal);
    const frame = encodeFrame(text);
    for (const connection of this.byOrg.get(org) ?? []) {
      if (!connection.isLive) continue;
      const isMeant =
        signal.kind === 'presence' && signal.scope === null
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
      this.recheck.tick();
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
      else if (principal) this.beat(connection, principal, made);
    }
  }

  /** Says that both are still here: to the connection, and of the person. Whoever is slow is told nothing. */
  private beat(connection: Connection, { org }: Principal, { pings, presences, said }: Heartbeat): void {
    if (connection.isLive) {
      const ping = once(pings, org, () => this.ping(org));
      connection.ping(ping.frame, ping.offset);
      const presence =
        connection.wantsPresence && once(presences, org, () => this.presence(connection) ?? NOTHING);
      // What is said of others runs out as well: those who want to know are told again (rule P1).
      if (presence && presence.length > 0) connection.sendEncoded(presence);
      for (const scope of this.attendance.scopesOf(connection)) this.tellWhoIsIn(connection, scope);
    }
    this.attendance.settle(connection);
    this.attendance.repeat(connection, said);
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

function presenceText(userId: string, state: PresenceState, scope: string | null): string {
  return JSON.stringify({
    type: 'presence',
    user_id: userId,
    state,
    ...(scope === null ? {} : { scope }),
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
