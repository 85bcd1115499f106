import { useUnreadMail } from '@roost/react';
import { AsOf } from '../connection/as-of.tsx';
import { Notice } from '../ui/notice.tsx';
import { FilterBox } from './filter-box.tsx';
import { filterProblem } from './filter-problem.ts';
import { InboxList } from './inbox-list.tsx';
import { MarkAllRead } from './mark-all-read.tsx';
import { Title } from './title.tsx';
import { unreadInWords } from './unread.ts';

/** All mail, or that of the addresses `filter` names. */
export function InboxPage({ filter }: { filter: string }) {
  const problem = filterProblem(filter);
  return (
    <main className="flex h-full min-h-0 flex-col">
      <Title of="Inbox" />
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2.5 sm:flex-nowrap sm:px-6">
        <div className="flex flex-1 items-center gap-3">
          <h1 className="font-semibold text-base tracking-tight">Inbox</h1>
          <UnreadBadge />
          <AsOf />
        </div>
        <div className="order-last w-full sm:order-none sm:w-96">
          <FilterBox filter={filter} isUsable={problem === null} />
        </div>
        <div className="flex justify-end sm:flex-1">
          <MarkAllRead />
        </div>
      </div>
      {problem === null ? (
        <InboxList key={filter} filter={filter} />
      ) : (
        <div className="px-4 sm:px-6">
          <Notice tone="bad">{problem}</Notice>
        </div>
      )}
    </main>
  );
}

function UnreadBadge() {
  const unread = useUnreadMail();
  if (unread.count === 0) return null;
  return (
    <span className="rounded-full bg-accent px-2 py-px font-medium text-on-accent text-xs tabular-nums">
      {unreadInWords(unread)}
      <span className="sr-only"> unread</span>
    </span>
  );
}
