/** Conversations picked for one action, and the one from which a range goes on. */
export interface Selection {
  readonly ids: ReadonlySet<string>;
  readonly anchor: string | null;
}

/** As many as one command changes. */
export const SELECTION_MAX_COUNT = 200;
export const NOTHING_SELECTED: Selection = { ids: new Set(), anchor: null };

export function toggled({ ids }: Selection, id: string): Selection {
  const next = new Set(ids);
  if (!next.delete(id) && next.size < SELECTION_MAX_COUNT) next.add(id);
  return { ids: next, anchor: id };
}

/** Adds everything between the anchor and `id`, as the list shows it; without an anchor in the list, only `id`. */
export function extended(selection: Selection, id: string, shown: readonly string[]): Selection {
  const from = selection.anchor === null ? -1 : shown.indexOf(selection.anchor);
  const to = shown.indexOf(id);
  if (from === -1 || to === -1) return toggled(selection, id);
  const range = shown.slice(Math.min(from, to), Math.max(from, to) + 1);
  return {
    ids: new Set([...new Set([...selection.ids, ...range])].slice(0, SELECTION_MAX_COUNT)),
    anchor: selection.anchor,
  };
}

/** Without what the list no longer shows: an action must not reach what cannot be seen. */
export function within(selection: Selection, shown: readonly string[]): Selection {
  if (selection.ids.size === 0) return selection;
  const kept = shown.filter((id) => selection.ids.has(id));
  if (kept.length === selection.ids.size) return selection;
  return kept.length === 0 ? NOTHING_SELECTED : { ids: new Set(kept), anchor: selection.anchor };
}
