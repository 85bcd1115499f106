import { type AccessRow, Failure, limits } from '@roost/protocol';
import { mayHear, namedEvents, type ToldEvent } from '../domain/index.ts';
import type { Entry, Hub } from '../sync/index.ts';
import type { Connection } from './connection.ts';
import { encodeFrame } from './frame.ts';

/** A connection that subscribed to named events. */
interface Listening {
  /** Its subscriptions; the connection hears each event once all the same. */
  readonly ids: Set<string>;
  /** What its person may see; null until that is known, and nothing is told before. */
  access: AccessRow | null;
}

/**
 * Tells named events to those connections of this node that want them and may see what they are made from (rule N1).
 * Each is made and encoded once, and only where somebody listens.
 */
export class EventDesk {
  private readonly byOrg = new Map<string, Map<Connection, Listening>>();
  private readonly waiting = new Map<string, ToldEvent[]>();

  constructor(private readonly hub: Hub) {
    hub.watch({
      entry: (org, entry) => this.hear(org, entry),
      began: () => {},
      handed: (org) => this.tell(org),
    });
  }

  /** @throws access.forbidden, channel.too_many, store.unavailable */
  async open(connection: Connection, id: string): Promise<void> {
    const listening = this.listening(connection);
    if (!listening.ids.has(id) && listening.ids.size >= limits.SUBSCRIPTIONS_MAX)
      throw new Failure('channel.too_many');
    listening.ids.add(id);
    if (listening.access !== null) return;
    try {
      const access = await this.hub.access(connection.identity);
      // What an entry said meanwhile is newer.
      listening.access ??= access;
    } catch (error) {
      this.close(connection, id);
      throw error;
    }
    if (!connection.isOpen) this.leave(connection);
  }

  close(connection: Connection, id: string): void {
    const listening = this.byOrg.get(connection.identity.org)?.get(connection);
    listening?.ids.delete(id);
    if (listening?.ids.size === 0) this.leave(connection);
  }

  /** The connection is over. */
  leave(connection: Connection): void {
    const { org } = connection.identity;
    const ofOrg = this.byOrg.get(org);
    ofOrg?.delete(connection);
    if (ofOrg?.size === 0) this.byOrg.delete(org);
  }

  private listening(connection: Connection): Listening {
    const { org } = connection.identity;
    const ofOrg = this.byOrg.get(org) ?? new Map<Connection, Listening>();
    this.byOrg.set(org, ofOrg);
    const known = ofOrg.get(connection);
    if (known) return known;
    const listening = { ids: new Set<string>(), access: null };
    ofOrg.set(connection, listening);
    return listening;
  }

  private hear(org: string, entry: Entry): void {
    const ofOrg = this.byOrg.get(org);
    if (!ofOrg) return;
    for (const { kind, id, after } of entry.changes) {
      if (kind !== 'access' || after === null) continue;
      for (const [connection, listening] of ofOrg)
        if (connection.identity.user_id === id) listening.access = after as AccessRow;
    }
    const events = namedEvents(entry);
    if (events.length === 0) return;
    const waiting = this.waiting.get(org);
    if (waiting) waiting.push(...events);
    else this.waiting.set(org, events);
  }

  /** After the deltas, so that whoever listens finds in their views what the event tells of. */
  private tell(org: string): void {
    const events = this.waiting.get(org);
    if (!events) return;
    this.waiting.delete(org);
    const frames = events.map(({ audience, event }) => ({ audience, event, bytes: null as Buffer | null }));
    for (const [connection, { access }] of this.byOrg.get(org) ?? []) {
      // Whoever is slow, or away for a moment, has their views brought up to date; events are not kept for them.
      if (access === null || !connection.isLive) continue;
      const heard = frames.filter(({ audience }) => mayHear(audience, access.id, access.hidden));
      for (const frame of heard) frame.bytes ??= encodeFrame(textOf(frame));
      if (heard.length > 0) connection.sendAll(heard.map(({ bytes }) => bytes as Buffer));
    }
  }
}

function textOf({ event: { event, data } }: Pick<ToldEvent, 'event'>): string {
  return JSON.stringify({ type: 'event', event, data });
}
