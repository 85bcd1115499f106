import type { useInbox } from '@roost/react';
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect } from 'react';
import { useNow } from '../ui/use-now.ts';
import { useOlderRows } from '../ui/use-older-rows.ts';
import { Announcer } from './announcer.tsx';
import { namesOneAddress } from './filter-problem.ts';
import { InboxRow } from './inbox-row.tsx';
import { NewerPill } from './newer-pill.tsx';
import { OlderRows } from './older-rows.tsx';
import { RowHeadings } from './row-headings.tsx';
import { isUnread } from './unread.ts';
import { useActiveRow } from './use-active-row.ts';
import { useArrivals } from './use-arrivals.ts';
import { useHeldScroll } from './use-held-scroll.ts';
import { useRowHeight } from './use-row-height.ts';

/** Rows beyond the visible ones that are kept ready. */
const OVERSCAN_ROWS = 12;
/** Older rows are fetched when the end comes this near. */
const FETCH_AHEAD_ROWS = 20;

interface VirtualRowsProps {
  readonly filter: string;
  readonly list: ReturnType<typeof useInbox>;
  /** Null while it is not known. */
  readonly readOffset: number | null;
}

/** The rows of a list, of which only those in sight exist as elements. */
export function VirtualRows({ filter, list, readOffset }: VirtualRowsProps) {
  const { rows, hasMore } = list;
  const rowPx = useRowHeight();
  const now = useNow(60_000);
  const held = useHeldScroll(filter, rows, rowPx);
  const active = useActiveRow(filter, rows, rowPx, held.scroller);
  const arrived = useArrivals(rows);
  const older = useOlderRows(list);

  const activeIndex = rows.findIndex(({ id }) => id === active.id);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => held.scroller.current,
    getItemKey: (index) => rows[index]?.id ?? index,
    estimateSize: () => rowPx,
    overscan: OVERSCAN_ROWS,
    initialOffset: held.firstTopPx,
    // The row that has the focus stays an element when it leaves the sight, or the focus would be lost.
    rangeExtractor: useCallback(
      (range: Parameters<typeof defaultRangeExtractor>[0]) =>
        withIndex(defaultRangeExtractor(range), activeIndex),
      [activeIndex],
    ),
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was measured is void once rows are of another height
  useEffect(() => virtualizer.measure(), [rowPx]);

  const items = virtualizer.getVirtualItems();
  const isNearEnd = (virtualizer.range?.endIndex ?? 0) >= rows.length - FETCH_AHEAD_ROWS;
  useEffect(() => {
    if (isNearEnd) older.fetch();
  }, [isNearEnd, older.fetch]);

  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <Announcer arrived={arrived} />
      <RowHeadings showsTo={!namesOneAddress(filter)} />
      <NewerPill count={held.newerCount} onShow={held.scrollToTop} />
      <div
        ref={held.scroller}
        onScroll={held.hold}
        className="min-h-0 flex-1 overflow-y-auto border-line [overflow-anchor:none] [scrollbar-gutter:stable] max-sm:border-t"
      >
        <ul aria-label="Messages" className="relative" style={{ height: virtualizer.getTotalSize() }}>
          {items.map(({ index, key }) => {
            const row = rows[index];
            return (
              row && (
                <InboxRow
                  key={key}
                  row={row}
                  at={index}
                  rowPx={rowPx}
                  total={hasMore ? -1 : rows.length}
                  now={now}
                  isUnread={isUnread(row, readOffset)}
                  hasArrived={arrived.includes(row)}
                  showsTo={!namesOneAddress(filter)}
                  onFocus={active.set}
                />
              )
            );
          })}
        </ul>
        <OlderRows hasMore={hasMore} problem={older.problem} onRetry={older.retry} />
      </div>
    </div>
  );
}

function withIndex(indexes: number[], index: number): number[] {
  if (index === -1 || indexes.includes(index)) return indexes;
  return [...indexes, index].sort((a, b) => a - b);
}
