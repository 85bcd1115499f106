import type { ConversationRow } from '@roost/protocol';
import type { LiveRows } from '@roost/react';
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useRef } from 'react';
import { OlderRows } from '../inbox/older-rows.tsx';
import { useNow } from '../ui/use-now.ts';
import { useOlderRows } from '../ui/use-older-rows.ts';
import { ConversationItem } from './conversation-row.tsx';
import type { Place } from './places.ts';
import type { Selection } from './selection.ts';
import { useDirectory } from './use-directory.ts';
import { useListFocus } from './use-list-focus.ts';
import { useUnreadOf } from './use-unread.ts';

const ROW_REM = 5.25;
const OVERSCAN_ROWS = 8;
/** Older rows are fetched when the end comes this near. */
const FETCH_AHEAD_ROWS = 15;

interface ConversationListProps {
  readonly label: string;
  readonly place: Place | null;
  readonly list: Pick<LiveRows<ConversationRow>, 'hasMore' | 'isFetchingMore' | 'fetchMore'> & {
    readonly rows: readonly ConversationRow[];
  };
  readonly openId: string | null;
  readonly selection: Selection;
  readonly onSelect: ((id: string, isRange: boolean) => void) | null;
}

/** Conversations, last active first, of which only those in sight exist as elements. */
export function ConversationList({ label, place, list, openId, selection, onSelect }: ConversationListProps) {
  const { rows, hasMore } = list;
  const scroller = useRef<HTMLDivElement>(null);
  const rowPx = ROW_REM * (Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16);
  const now = useNow(60_000);
  const unreadOf = useUnreadOf();
  const directory = useDirectory();
  const older = useOlderRows(list);
  const focus = useListFocus({ rows, rowPx, scroller, openId, onSelect });

  const focusIndex = rows.findIndex(({ id }) => id === focus.id);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => rows[index]?.id ?? index,
    estimateSize: () => rowPx,
    overscan: OVERSCAN_ROWS,
    // The row that has the focus stays an element when it leaves the sight, or the focus would be lost.
    rangeExtractor: useCallback(
      (range: Parameters<typeof defaultRangeExtractor>[0]) => {
        const indexes = defaultRangeExtractor(range);
        if (focusIndex === -1 || indexes.includes(focusIndex)) return indexes;
        return [...indexes, focusIndex].sort((a, b) => a - b);
      },
      [focusIndex],
    ),
  });
  const isNearEnd = (virtualizer.range?.endIndex ?? 0) >= rows.length - FETCH_AHEAD_ROWS;
  useEffect(() => {
    if (isNearEnd) older.fetch();
  }, [isNearEnd, older.fetch]);

  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto overscroll-contain">
      <ul aria-label={label} className="relative" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, key }) => {
          const row = rows[index];
          return (
            row && (
              <ConversationItem
                key={key}
                row={row}
                at={index}
                rowPx={rowPx}
                total={hasMore ? -1 : rows.length}
                now={now}
                unread={unreadOf.get(row.id)}
                directory={directory}
                place={place}
                isOpen={row.id === openId}
                isSelected={selection.ids.has(row.id)}
                isSelecting={selection.ids.size > 0}
                onFocus={focus.set}
                onSelect={onSelect}
              />
            )
          );
        })}
      </ul>
      {(hasMore || older.problem !== null) && (
        <OlderRows hasMore={hasMore} problem={older.problem} onRetry={older.retry} />
      )}
    </div>
  );
}
