import type { EntityKind } from '@roost/protocol';
import type { Channel } from './channel.ts';
import type { Entry } from './entry.ts';

/** Channels that show entities of one kind. */
interface OfKind {
  /** Those that may show any of them … */
  readonly many: Set<Channel>;
  /** … and those that show a single one, by its id: ten thousand of them cost an entry nothing. */
  readonly one: Map<string, Channel[]>;
}

/** The channels that somebody on this node has open, found by key, or by the entities that changed. */
export class Channels {
  private readonly byKey = new Map<string, Channel>();
  private readonly byKind = new Map<EntityKind, OfKind>();

  get size(): number {
    return this.byKey.size;
  }

  get(key: string): Channel | undefined {
    return this.byKey.get(key);
  }

  add(channel: Channel): void {
    const { key, kind, only } = channel.view;
    if (this.byKey.get(key) === channel) return;
    this.byKey.set(key, channel);
    const ofKind = this.ofKind(kind);
    if (only === undefined) ofKind.many.add(channel);
    else ofKind.one.set(only, [...(ofKind.one.get(only) ?? []), channel]);
  }

  remove(channel: Channel): void {
    const { key, kind, only } = channel.view;
    if (this.byKey.get(key) !== channel) return;
    this.byKey.delete(key);
    const ofKind = this.ofKind(kind);
    ofKind.many.delete(channel);
    if (only === undefined) return;
    const others = (ofKind.one.get(only) ?? []).filter((other) => other !== channel);
    if (others.length > 0) ofKind.one.set(only, others);
    else ofKind.one.delete(only);
  }

  clear(): void {
    this.byKey.clear();
    this.byKind.clear();
  }

  /** Channels that may show one of the changed entities, each once. */
  touchedBy(entries: readonly Entry[]): Iterable<Channel> {
    const touched = new Set<Channel>();
    const kinds = new Set<EntityKind>();
    for (const { changes } of entries) {
      for (const { kind, id } of changes) {
        const ofKind = this.byKind.get(kind);
        if (!ofKind) continue;
        for (const channel of ofKind.one.get(id) ?? []) touched.add(channel);
        if (kinds.has(kind)) continue;
        kinds.add(kind);
        for (const channel of ofKind.many) touched.add(channel);
      }
    }
    return touched;
  }

  private ofKind(kind: EntityKind): OfKind {
    let ofKind = this.byKind.get(kind);
    if (!ofKind) {
      ofKind = { many: new Set(), one: new Map() };
      this.byKind.set(kind, ofKind);
    }
    return ofKind;
  }
}
