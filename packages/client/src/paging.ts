import { type Cursor, parseCursor } from '@roost/protocol';
import type { ClientError } from './client-error.ts';
import type { List } from './list.ts';
import { apply } from './polling.ts';
import type { ListAnswer, Rest } from './rest.ts';

/**
 * Joins the rows below `before`, asked for over HTTP. They are of a later moment than the list above them, so what
 * happened in between is asked for as well, and both are taken together or not at all (rule S6).
 *
 * @param isOnSocket  a connection carries the list now, which moves it together with all others
 * @returns false when they do not fit: the list has moved meanwhile, or another node answered that is not as far
 */
export async function fetchBelow(
  rest: Rest,
  list: List,
  before: string,
  isOnSocket: () => boolean,
): Promise<boolean> {
  const { listing } = list;
  const page = await rest.below(list, before, listing.pageCount);
  const { position } = listing;
  const between = position && (await since(rest, list, position));
  const reached = between && offsetOf(between);
  const asOf = parseCursor(page.cursor);
  if (!reached || !asOf || reached.epoch !== asOf.epoch || reached.offset < asOf.offset) return false;
  const isWhereItWas =
    listing.position?.epoch === position.epoch && listing.position.offset === position.offset;
  if (isOnSocket() || !isWhereItWas || !listing.append(page, before) || !apply(list, between)) return false;
  listing.stamp();
  return true;
}

/** Null when the log does not reach back to where the list is; the next poll starts it anew. */
async function since(rest: Rest, list: List, position: Cursor): Promise<ListAnswer | null> {
  return rest.since(list, position).catch((error: ClientError) => {
    if (error.remedy !== 'resync') throw error;
    return null;
  });
}

function offsetOf(answer: ListAnswer): Cursor | null {
  switch (answer.kind) {
    case 'same':
      return answer.cursor;
    case 'delta':
      return parseCursor(answer.delta.cursor);
    case 'page':
      return null;
  }
}
