import type { Client } from '@roost/client';
import type { Anchor } from './scroll-anchor.ts';

/** Where a person was in the inbox when they left it for a message. */
export interface Place {
  readonly anchor: Anchor | null;
  /** The newest row when they began to read further down; null at the top. */
  readonly heldTop: string | null;
  readonly activeId: string | null;
}

const START: Place = { anchor: null, heldTop: null, activeId: null };

/** One place for each client: that of the filter last looked at. It goes with the client, and so with who is signed in. */
const places = new WeakMap<Client, { readonly filter: string; readonly place: Place }>();

export function placeIn(client: Client, filter: string): Place {
  const kept = places.get(client);
  return kept?.filter === filter ? kept.place : START;
}

export function keepPlace(client: Client, filter: string, part: Partial<Place>): void {
  places.set(client, { filter, place: { ...placeIn(client, filter), ...part } });
}
