import type { ConversationRow, UnreadRow } from '@roost/protocol';
import { Link } from '@tanstack/react-router';
import { type MouseEvent, memo } from 'react';
import { Avatar } from '../ui/avatar.tsx';
import { Badge } from '../ui/badge.tsx';
import { ClockIcon } from '../ui/icons.tsx';
import { absoluteTime, clockTime, relativeTime } from '../ui/time.ts';
import { LabelDot } from './label-chip.tsx';
import { type Place, type PlaceName, placeWords } from './places.ts';
import { firstName, previewOf, titleOf } from './preview.ts';
import type { Directory } from './use-directory.ts';

interface ConversationRowProps {
  readonly row: ConversationRow;
  readonly at: number;
  readonly rowPx: number;
  readonly total: number;
  readonly now: number;
  readonly unread: UnreadRow | undefined;
  readonly directory: Directory;
  /** Where it is listed; null among direct conversations. */
  readonly place: Place | null;
  readonly isOpen: boolean;
  readonly isSelected: boolean;
  readonly isSelecting: boolean;
  readonly onFocus: (id: string) => void;
  /** Null where nothing can be selected. */
  readonly onSelect: ((id: string, isRange: boolean) => void) | null;
}

/** A conversation as a link to it, with a box to pick it. */
export const ConversationItem = memo(function ConversationItem(props: ConversationRowProps) {
  const { row, at, rowPx, total, now, unread, directory, place, isOpen, isSelected, onFocus, onSelect } =
    props;
  const title = titleOf(row, directory.myId, directory.nameOf);
  const { who, what, isNote } = previewOf(row, directory.myId, directory.nameOf);
  const isUnread = unread !== undefined;
  const active = Date.parse(row.last_activity_at);
  const select = onSelect && ((event: MouseEvent) => onSelect(row.id, event.shiftKey));
  const link =
    place === null
      ? ({ to: '/direct/$id', params: { id: row.id } } as const)
      : ({ to: '/conversations/$id', params: { id: row.id }, search: place } as const);
  return (
    <li
      aria-posinset={at + 1}
      aria-setsize={total}
      className={`group/row absolute inset-x-0 top-0 border-line border-b ${isOpen ? 'bg-accent-soft' : isSelected ? 'bg-hover' : ''}`}
      style={{ height: rowPx, transform: `translateY(${at * rowPx}px)` }}
    >
      <Link
        {...link}
        preload={false}
        data-conversation-id={row.id}
        data-unread={isUnread}
        aria-current={isOpen ? 'true' : undefined}
        onFocus={() => onFocus(row.id)}
        onClick={(event) => {
          if (!select || !(event.shiftKey || event.metaKey || event.ctrlKey)) return;
          // Picking a range is what shift does in a list; a new window is what it does elsewhere.
          event.preventDefault();
          select(event);
        }}
        className={`flex h-full gap-3 px-3 py-2.5 outline-offset-[-2px] ${isOpen ? '' : 'hover:bg-hover'}`}
      >
        <span
          className={
            isSelected || props.isSelecting ? 'opacity-15' : onSelect ? 'group-hover/row:opacity-15' : ''
          }
        >
          <Avatar name={title} />
        </span>
        <span
          className={`flex min-w-0 flex-1 flex-col ${row.kind === 'direct' ? 'justify-center gap-1' : 'justify-between'}`}
        >
          <span className="flex items-baseline gap-2">
            <span
              className={`min-w-0 flex-1 truncate ${isUnread ? 'font-semibold' : 'font-medium text-ink-2'}`}
            >
              {isUnread && <span className="sr-only">Unread. </span>}
              {title}
            </span>
            <time
              dateTime={row.last_activity_at}
              title={absoluteTime(active)}
              className={`shrink-0 text-xs ${isUnread ? 'font-medium text-accent-ink' : 'text-ink-3'}`}
            >
              {relativeTime(active, now)}
            </time>
          </span>
          <span className="flex items-center gap-2">
            <span
              className={`min-w-0 flex-1 truncate text-[0.8125rem] ${isUnread ? 'text-ink' : 'text-ink-3'}`}
            >
              {row.subject !== '' && row.kind === 'contact' && (
                <span className="text-ink-2">{row.subject} — </span>
              )}
              {who !== '' && <span className={isNote ? 'text-warn-ink' : 'text-ink-2'}>{who}: </span>}
              {what}
            </span>
            <Badge count={unread?.unread ?? 0} label="unread" />
          </span>
          {row.kind === 'contact' && <Facts {...props} />}
        </span>
      </Link>
      {select && (
        <input
          type="checkbox"
          checked={isSelected}
          onChange={() => {}}
          onClick={select}
          tabIndex={-1}
          aria-label={`Select ${title}`}
          className={`absolute top-[1.35rem] left-[1.35rem] size-4 accent-accent ${isSelected || props.isSelecting ? '' : 'opacity-0 focus:opacity-100 group-hover/row:opacity-100'}`}
        />
      )}
    </li>
  );
});

/** Third line: where it came in, what state it is in, whose it is. */
function Facts({ row, directory, place, now }: ConversationRowProps) {
  const inbox = directory.inboxOf(row.inbox_id);
  const view: PlaceName = place?.view ?? 'open';
  // What the list says by itself is not said again on every line.
  const saysStatus = ['all', 'unread'].includes(view) && row.status !== 'open';
  const saysAssignee = row.assignee_id !== null && view !== 'mine';
  return (
    <span className="flex h-4.5 items-center gap-2 overflow-hidden text-ink-3 text-xs">
      {inbox && <span className="max-w-28 shrink-0 truncate">{inbox.name}</span>}
      {row.status === 'snoozed' && row.snoozed_until ? (
        <span className="flex shrink-0 items-center gap-1 text-warn-ink">
          <ClockIcon />
          <span className="sr-only">Snoozed until </span>
          {clockTime(Date.parse(row.snoozed_until), now)}
        </span>
      ) : (
        saysStatus && <span className="shrink-0">{placeWords[row.status]}</span>
      )}
      <span className="flex h-4.5 min-w-0 flex-1 flex-wrap items-center gap-x-2 overflow-hidden">
        {row.labels.map((label) => (
          <LabelDot
            key={label}
            name={directory.labelOf(label)?.name ?? label}
            color={directory.labelOf(label)?.color}
          />
        ))}
      </span>
      {saysAssignee && (
        <span className="max-w-24 shrink-0 truncate">
          <span className="sr-only">Assigned to </span>
          {row.assignee_id === directory.myId
            ? 'You'
            : firstName(directory.nameOf(row.assignee_id as string))}
        </span>
      )}
    </span>
  );
}
