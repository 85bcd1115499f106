import type { ConversationRow, MessageRow } from '@roost/protocol';
import { useList, useRoost, useStore } from '@roost/react';
import { useCallback, useEffect, useMemo, useRef } from 'react';
import { useDirectory } from '../conversations/use-directory.ts';
import { Button } from '../ui/button.tsx';
import { DownIcon } from '../ui/icons.tsx';
import { useNow } from '../ui/use-now.ts';
import { useOlderRows } from '../ui/use-older-rows.ts';
import { MessageItem } from './message-item.tsx';
import { PendingItem } from './pending-item.tsx';
import { SpokenNews } from './spoken-news.tsx';
import { threadItems } from './thread-items.ts';
import { TypingLine } from './typing-line.tsx';
import { useFirstUnread } from './use-first-unread.ts';
import { useReading } from './use-reading.ts';
import { useThreadScroll } from './use-thread-scroll.ts';

interface ThreadProps {
  readonly row: ConversationRow;
  /** Begins an answer to one message; null where answers go to nobody in particular. */
  readonly onReply: ((messageId: string) => void) | null;
}

/** All that was said in a conversation, the newest at the bottom, with what waits to be sent below it. */
export function Thread({ row: conversation, onReply }: ThreadProps) {
  const { id } = conversation;
  const client = useRoost();
  const list = useList(`thread:${id}`);
  const pending = useStore(client.outbox(id));
  const directory = useDirectory();
  const now = useNow(60_000);
  const older = useOlderRows(list);
  const newest = list.rows[0]?.id ?? null;
  const scroll = useThreadScroll(newest, pending.length);
  const firstUnread = useFirstUnread(id);
  useReading({ conversationId: id, newest, isAtEnd: scroll.isSettled && scroll.isAtEnd });
  const items = useMemo(
    () => threadItems(list.rows, firstUnread ?? null, now),
    [list.rows, firstUnread, now],
  );
  const byId = useMemo(() => new Map(list.rows.map((row) => [row.id, row])), [list.rows]);
  const show = (messageId: string) => {
    document.getElementById(`message-${messageId}`)?.scrollIntoView({ block: 'center' });
  };
  // Also when what is there does not fill the window, and nothing could be scrolled.
  const fetchNearTop = useCallback(() => {
    const element = scroll.scroller.current;
    if (!element) return;
    const { scrollTop, scrollHeight, clientHeight } = element;
    if (scrollHeight + scrollTop - clientHeight < clientHeight) older.fetch();
  }, [scroll.scroller, older.fetch]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each page that came may leave room for another
  useEffect(fetchNearTop, [fetchNearTop, list.rows.length]);
  useFirstPlace(items.length > 0 && firstUnread !== undefined, firstUnread ?? null, scroll.settle);

  return (
    <div className="relative min-h-0 flex-1">
      <SpokenNews newest={list.rows[0]} nameOf={directory.nameOf} myId={directory.myId} />
      {/* Upside down, so that the browser itself holds on to the end, and to the place when older ones come above. */}
      <section
        ref={scroll.scroller}
        onScroll={() => {
          scroll.onScroll();
          fetchNearTop();
        }}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label="Messages"
        className="flex h-full flex-col-reverse overflow-y-auto overscroll-contain bg-page outline-offset-[-2px]"
      >
        <div className="mx-auto flex w-full max-w-4xl flex-col px-3 py-4 sm:px-5">
          <Beginning list={list} older={older} />
          <ol className="flex flex-col">
            {items.map((item) => {
              switch (item.kind) {
                case 'day':
                  return <Day key={item.key} words={item.words} />;
                case 'new':
                  return <NewLine key={item.key} />;
                case 'system':
                  return <SystemLine key={item.key} row={item.row} />;
                case 'message':
                  return (
                    <MessageItem
                      key={item.key}
                      row={item.row}
                      goesOn={item.goesOn}
                      conversation={conversation}
                      directory={directory}
                      answered={item.row.reply_to === null ? undefined : byId.get(item.row.reply_to)}
                      onShow={show}
                      onReply={onReply}
                    />
                  );
                default:
                  return item satisfies never;
              }
            })}
            {pending.map((entry) => (
              <PendingItem key={entry.id} entry={entry} directory={directory} />
            ))}
          </ol>
          <TypingLine conversationId={id} />
        </div>
      </section>
      {!scroll.isAtEnd && (
        <Button
          onClick={scroll.toEnd}
          className="absolute right-4 bottom-3 h-9 rounded-full bg-raised px-3 shadow-lg"
          aria-label="To the newest message"
        >
          <DownIcon /> {scroll.hasNews ? 'New messages' : ''}
        </Button>
      )}
    </div>
  );
}

/** Opened at the message that the address names, where it is loaded; else at what is new; else at the end. */
function useFirstPlace(hasItems: boolean, firstUnread: string | null, settle: () => void): void {
  const isPlaced = useRef(false);
  useEffect(() => {
    if (!hasItems || isPlaced.current) return;
    isPlaced.current = true;
    const named = location.hash.startsWith('#message-')
      ? document.getElementById(location.hash.slice(1))
      : null;
    const line = firstUnread === null ? null : document.getElementById('new-messages');
    (named ?? line)?.scrollIntoView({ block: 'center' });
    settle();
  }, [hasItems, firstUnread, settle]);
}

function Beginning({
  list,
  older,
}: {
  list: { isLoading: boolean; hasMore: boolean; rows: readonly MessageRow[]; error: Error | null };
  older: { problem: string | null; retry: () => void };
}) {
  const words = list.isLoading
    ? 'Loading what was said…'
    : list.rows.length === 0 && list.error === null
      ? 'Nothing has been said yet. Write the first message below.'
      : list.hasMore
        ? 'Loading older messages…'
        : null;
  if (older.problem !== null || (list.error && list.rows.length === 0))
    return (
      <p role="alert" className="pb-4 text-center text-[0.8125rem] text-bad-ink">
        {older.problem ?? list.error?.message}{' '}
        {older.problem !== null && (
          <Button className="ml-2 h-7" onClick={older.retry}>
            Try again
          </Button>
        )}
      </p>
    );
  if (words === null) return null;
  return <p className="pb-4 text-center text-[0.8125rem] text-ink-3">{words}</p>;
}

function Day({ words }: { words: string }) {
  return (
    <li className="my-3 flex items-center gap-3 text-ink-3 text-xs">
      <span className="h-px flex-1 bg-line" />
      <h3>{words}</h3>
      <span className="h-px flex-1 bg-line" />
    </li>
  );
}

function NewLine() {
  return (
    <li id="new-messages" className="my-3 flex items-center gap-3 font-medium text-accent-ink text-xs">
      <span className="h-px flex-1 bg-accent-ink/50" />
      New messages
      <span className="h-px flex-1 bg-accent-ink/50" />
    </li>
  );
}

function SystemLine({ row }: { row: MessageRow }) {
  return (
    <li id={`message-${row.id}`} className="my-1.5 text-balance px-6 text-center text-ink-3 text-xs">
      {row.text ?? row.snippet}
    </li>
  );
}
