import type { Change, EntityKind, View } from '@roost/protocol';
import type { Channel } from './channel.ts';
import type { Entry } from './entry.ts';

/** Channels that show entities of one kind. */
interface OfKind {
  /** Those that may show any of them … */
  readonly many: Set<Channel>;
  /** … and those that show a single one, by its id: ten thousand of them cost an entry nothing. */
  readonly one: Map<string, Channel[]>;
  /** … and those that show what belongs to one conversation, by its id. */
  readonly within: Map<string, Channel[]>;
}

/** The channels that somebody on this node has open, found by key, or by the entities that changed. */
export class Channels {
  private readonly byKey = new Map<string, Channel>();
  private readonly byKind = new Map<EntityKind, OfKind>();
  /** Those that several kinds of changes concern. */
  private readonly tallies = new Set<Channel>();

  get size(): number {
    return this.byKey.size;
  }

  get(view: View): Channel | undefined {
    return this.byKey.get(nameIn(view));
  }

  add(channel: Channel): void {
    const { view } = channel;
    if (this.byKey.get(nameIn(view)) === channel) return;
    this.byKey.set(nameIn(view), channel);
    if (view.isTally) this.tallies.add(channel);
    else this.placeOf(channel).add(channel);
  }

  remove(channel: Channel): void {
    const { view } = channel;
    if (this.byKey.get(nameIn(view)) !== channel) return;
    this.byKey.delete(nameIn(view));
    if (view.isTally) this.tallies.delete(channel);
    else this.placeOf(channel).delete(channel);
  }

  clear(): void {
    this.byKey.clear();
    this.byKind.clear();
    this.tallies.clear();
  }

  /** Channels that may show one of the changed entities, each once. */
  touchedBy(entries: readonly Entry[]): Iterable<Channel> {
    const touched = new Set<Channel>(this.tallies);
    const kinds = new Set<EntityKind>();
    for (const { changes } of entries) {
      for (const change of changes) {
        const ofKind = this.byKind.get(change.kind);
        if (!ofKind) continue;
        for (const channel of ofKind.one.get(change.id) ?? []) touched.add(channel);
        const conversationId = ofKind.within.size > 0 ? conversationOf(change) : null;
        if (conversationId !== null)
          for (const channel of ofKind.within.get(conversationId) ?? []) touched.add(channel);
        if (kinds.has(change.kind)) continue;
        kinds.add(change.kind);
        for (const channel of ofKind.many) touched.add(channel);
      }
    }
    return touched;
  }

  /** Where a channel stands among those of its kind. */
  private placeOf({ view }: Channel): Place {
    const ofKind = this.ofKind(view.kind);
    if (view.only !== undefined) return placeIn(ofKind.one, view.only);
    return view.within !== undefined ? placeIn(ofKind.within, view.within) : ofKind.many;
  }

  private ofKind(kind: EntityKind): OfKind {
    let ofKind = this.byKind.get(kind);
    if (!ofKind) {
      ofKind = { many: new Set(), one: new Map(), within: new Map() };
      this.byKind.set(kind, ofKind);
    }
    return ofKind;
  }
}

interface Place {
  add(channel: Channel): void;
  delete(channel: Channel): void;
}

function placeIn(map: Map<string, Channel[]>, id: string): Place {
  return {
    add: (channel) => map.set(id, [...(map.get(id) ?? []), channel]),
    delete: (channel) => {
      const others = (map.get(id) ?? []).filter((other) => other !== channel);
      if (others.length > 0) map.set(id, others);
      else map.delete(id);
    },
  };
}

/** Views of one key may show different rows to different audiences; no reader hears of the difference. */
function nameIn({ key, audience }: View): string {
  return `${key}\n${audience}`;
}

function conversationOf({ before, after }: Change): string | null {
  const row = (after ?? before) as { conversation_id?: string | null } | null;
  return row?.conversation_id ?? null;
}
