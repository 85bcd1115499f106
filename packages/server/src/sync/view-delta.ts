import type { Row, View } from '@roost/protocol';
import type { Entry } from './entry.ts';

/** What changed in a view. Rows are as of the last entry. */
export interface ViewDelta {
  readonly added: readonly Row[];
  readonly updated: readonly Row[];
  readonly deleted: readonly string[];
}

interface Touched {
  readonly was: boolean;
  /** In the view at any moment from before the first entry on. */
  wasEver: boolean;
  is: boolean;
  now: Row | null;
}

/**
 * What successive entries did to a view, taken together. True for whoever holds the view as of any moment between
 * the first and the last of them (rule D5): a row that came and went in between is told as deleted, because
 * somebody may have seen it come.
 *
 * @returns null when no moment of the view differs from the first
 */
export function viewDelta(view: View, entries: readonly Entry[]): ViewDelta | null {
  let touched: Map<string, Touched> | null = null;
  for (const { changes } of entries) {
    for (const { kind, id, before, after } of changes) {
      if (kind !== view.kind || (view.only !== undefined && view.only !== id)) continue;
      // Told only because of something else that happened to it, which other views show.
      if (before && after && before.version === after.version) continue;
      const is = after !== null && view.includes(after);
      const known = touched?.get(id);
      if (known) {
        known.is = is;
        known.now = after;
        known.wasEver ||= is;
        continue;
      }
      const was = before !== null && view.includes(before);
      if (!was && !is) continue;
      touched ??= new Map();
      touched.set(id, { was, wasEver: was || is, is, now: after });
    }
  }
  return touched && deltaOf(touched);
}

function deltaOf(touched: ReadonlyMap<string, Touched>): ViewDelta {
  const added: Row[] = [];
  const updated: Row[] = [];
  const deleted: string[] = [];
  for (const [id, { was, wasEver, is, now }] of touched) {
    if (is && now) (was ? updated : added).push(now);
    else if (wasEver) deleted.push(id);
  }
  return { added, updated, deleted };
}
