import type { Row } from '@roost/protocol';

/** What a person is reading: the first row in sight, and how far it has slid out at the top. Rows are equally tall. */
export interface Anchor {
  readonly id: string;
  readonly withinPx: number;
}

/** Null at the very top: there the reader wants what is newest. */
export function anchorAt(rows: readonly Row[], scrollTopPx: number, rowPx: number): Anchor | null {
  if (scrollTopPx <= 0) return null;
  const at = Math.floor(scrollTopPx / rowPx);
  const row = rows[Math.min(at, rows.length - 1)];
  return row ? { id: row.id, withinPx: scrollTopPx - at * rowPx } : null;
}

/** Where to scroll so that the anchor stays where it is; null when its row is gone, and the place is as good as any. */
export function scrollTopOf(anchor: Anchor, rows: readonly Row[], rowPx: number): number | null {
  const at = rows.findIndex(({ id }) => id === anchor.id);
  return at === -1 ? null : at * rowPx + Math.min(anchor.withinPx, rowPx - 1);
}

/** Rows that arrived after the one with this id. Ids sort in the order of arrival. */
export function countNewer(rows: readonly Row[], id: string): number {
  const at = rows.findIndex((row) => row.id <= id);
  return at === -1 ? rows.length : at;
}
