import type { Cursor, EntityKind, View } from '@roost/protocol';
import type { Entry } from './entry.ts';
import type { Feed } from './feed.ts';
import { viewDelta } from './view-delta.ts';

/** What happened to a view after a cursor. Rows are JSON text. */
export type Since =
  | { readonly kind: 'unchanged'; readonly cursor: Cursor }
  | {
      readonly kind: 'changed';
      readonly cursor: Cursor;
      readonly prev: number;
      readonly offset: number;
      readonly added: readonly string[];
      readonly updated: readonly string[];
      readonly deleted: readonly string[];
    }
  /** The log does not reach back to the cursor, or is another one. */
  | { readonly kind: 'unknown' };

export async function sinceOf(feed: Feed, view: View, cursor: Cursor): Promise<Since> {
  if (isUnchanged(feed, view, cursor)) return { kind: 'unchanged', cursor: feed.cursor };
  if (!(await feed.cover(cursor))) return { kind: 'unknown' };
  const entries = feed.entriesAfter(cursor.offset);
  if (view.isTally)
    return concernsTally(entries) ? { kind: 'unknown' } : { kind: 'unchanged', cursor: feed.cursor };
  const delta = viewDelta(view, entries);
  if (!delta) return { kind: 'unchanged', cursor: feed.cursor };
  const { added, updated, deleted } = delta;
  return {
    kind: 'changed',
    cursor: feed.cursor,
    prev: cursor.offset,
    offset: feed.cursor.offset,
    added: added.map((row) => JSON.stringify(row)),
    updated: updated.map((row) => JSON.stringify(row)),
    deleted,
  };
}

/** Known without looking at entries, where somebody on this node has the view open. */
function isUnchanged(feed: Feed, view: View, { epoch, offset }: Cursor): boolean {
  const head = feed.cursor;
  return epoch === head.epoch && offset <= head.offset && feed.isUnchangedSince(view, offset);
}

const TALLIED: ReadonlySet<EntityKind> = new Set(['message', 'conversation', 'read', 'me']);

/** A fold has no deltas of the past; it is read again when anything happened that may concern it. */
function concernsTally(entries: readonly Entry[]): boolean {
  return entries.some(({ changes }) => changes.some(({ kind }) => TALLIED.has(kind)));
}
