import type { Row, View } from '@roost/protocol';
import type { Entry } from './entry.ts';

/** What changed in a view. Rows are as of the last entry. */
export interface ViewDelta {
  readonly added: readonly Row[];
  readonly updated: readonly Row[];
  readonly deleted: readonly string[];
}

/**
 * What successive entries did to a view, taken together: an entity counts by where it stood before the first
 * and after the last of its changes.
 *
 * @returns null when the view is as it was
 */
export function viewDelta(view: View, entries: readonly Entry[]): ViewDelta | null {
  const touched = new Map<string, { was: boolean; now: Row | null; is: boolean }>();
  for (const { changes } of entries) {
    for (const { kind, id, before, after } of changes) {
      if (kind !== view.kind || (view.only !== undefined && view.only !== id)) continue;
      const is = after !== null && view.includes(after);
      const known = touched.get(id);
      if (known) {
        known.is = is;
        known.now = after;
      } else {
        touched.set(id, { was: before !== null && view.includes(before), now: after, is });
      }
    }
  }
  if (touched.size === 0) return null;
  const added: Row[] = [];
  const updated: Row[] = [];
  const deleted: string[] = [];
  for (const [id, { was, is, now }] of touched) {
    if (is && now) (was ? updated : added).push(now);
    else if (was) deleted.push(id);
  }
  return added.length + updated.length + deleted.length === 0 ? null : { added, updated, deleted };
}
