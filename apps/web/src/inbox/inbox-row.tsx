import type { MessageRow } from '@roost/protocol';
import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import { authorOf } from '../message/author.ts';
import { ClipIcon, WarningIcon } from '../ui/icons.tsx';
import { absoluteTime, relativeTime } from '../ui/time.ts';
import { COLUMNS, COLUMNS_WITH_TO } from './row-headings.tsx';
import { snippetBeside } from './snippet.ts';

interface InboxRowProps {
  readonly row: MessageRow;
  /** Place in the list, 0 for the newest. */
  readonly at: number;
  readonly rowPx: number;
  /** Rows of the whole list, or -1 when nobody has counted them. */
  readonly total: number;
  readonly now: number;
  readonly isUnread: boolean;
  /** Came while the list was shown. */
  readonly hasArrived: boolean;
  readonly showsTo: boolean;
  readonly onFocus: (id: string) => void;
}

/** A message as a link to it: one line, or a card of three where the window is narrow. */
export const InboxRow = memo(function InboxRow(props: InboxRowProps) {
  const { row, at, rowPx, total, now, isUnread, hasArrived, showsTo, onFocus } = props;
  const author = authorOf(row.from);
  const received = Date.parse(row.received_at);
  const snippet = snippetBeside(row.subject, row.snippet);
  const hasMarks = row.attachment_count > 0 || row.problem !== null;
  const strong = isUnread ? 'font-semibold text-ink' : 'text-ink-2';
  return (
    <li
      aria-posinset={at + 1}
      aria-setsize={total}
      className="absolute inset-x-0 top-0"
      style={{ height: rowPx, transform: `translateY(${at * rowPx}px)` }}
    >
      <Link
        to="/message/$id"
        params={{ id: row.id }}
        preload={false}
        data-message-id={row.id}
        data-unread={isUnread}
        onFocus={() => onFocus(row.id)}
        className={`grid h-full grid-cols-[0.5rem_minmax(0,1fr)_auto] content-center items-center gap-x-3 border-line border-b px-4 outline-offset-[-2px] hover:bg-hover focus-visible:bg-accent-soft sm:px-6 ${showsTo ? COLUMNS_WITH_TO : COLUMNS} ${hasArrived ? 'motion-safe:animate-arrive' : ''}`}
      >
        <span
          aria-hidden="true"
          className={`size-2 rounded-full max-sm:row-start-1 ${isUnread ? 'bg-accent' : ''}`}
        />
        <span className={`truncate max-sm:col-start-2 max-sm:row-start-1 ${strong}`} title={author.address}>
          {isUnread && <span className="sr-only">Unread. </span>}
          {author.name}
        </span>
        <span className="truncate max-sm:col-span-2 max-sm:col-start-2 max-sm:row-start-2">
          <span className={strong}>{row.subject || '(no subject)'}</span>
          {snippet !== '' && <span className="text-ink-3 max-sm:hidden"> — {snippet}</span>}
        </span>
        <span
          className={`truncate text-ink-3 max-sm:col-start-2 max-sm:row-start-3 sm:hidden ${hasMarks ? '' : 'max-sm:col-span-2'}`}
        >
          {snippet || '\u00a0'}
        </span>
        {showsTo && (
          <span className="hidden truncate text-[0.8125rem] text-ink-3 lg:block" title={row.to.join(', ')}>
            <span className="sr-only">To </span>
            {row.to[0]}
            {row.to.length > 1 && ` +${row.to.length - 1}`}
          </span>
        )}
        <Marks row={row} />
        <time
          dateTime={row.received_at}
          title={absoluteTime(received)}
          className={`whitespace-nowrap text-right text-[0.8125rem] tabular-nums max-sm:col-start-3 max-sm:row-start-1 ${isUnread ? 'text-ink' : 'text-ink-3'}`}
        >
          {relativeTime(received, now)}
        </time>
      </Link>
    </li>
  );
});

function Marks({ row }: { row: MessageRow }) {
  const count = row.attachment_count;
  const attachments = count === 1 ? '1 attachment' : `${count} attachments`;
  return (
    <span className="flex items-center justify-end gap-1 text-ink-3 max-sm:col-start-3 max-sm:row-start-3">
      {row.problem && (
        <span title={row.problem} className="text-warn-ink">
          <WarningIcon />
          <span className="sr-only">Partly unreadable. </span>
        </span>
      )}
      {count > 0 && (
        <span title={attachments}>
          <ClipIcon />
          <span className="sr-only">{attachments}. </span>
        </span>
      )}
    </span>
  );
}
