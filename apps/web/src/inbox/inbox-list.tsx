import { useConnection, useInbox, useMe } from '@roost/react';
import { FirstMail } from './first-mail.tsx';
import { NoMatch } from './no-match.tsx';
import { RowSkeletons } from './row-skeletons.tsx';
import { VirtualRows } from './virtual-rows.tsx';

/** The rows of one filter, or what to show where there are none. */
export function InboxList({ filter }: { filter: string }) {
  const list = useInbox(filter || undefined);
  const { state } = useConnection();
  const me = useMe();
  if (list.rows.length > 0)
    return <VirtualRows filter={filter} list={list} readOffset={me?.read_offset ?? null} />;
  if (list.error) return <Centred>{list.error.message}</Centred>;
  if (!list.isLoading) return filter ? <NoMatch filter={filter} /> : <FirstMail />;
  if (state === 'offline' || state === 'waiting' || state === 'stopped')
    return <Centred>Nothing has been loaded yet. Messages appear here once Roost can be reached.</Centred>;
  return <RowSkeletons />;
}

function Centred({ children }: { children: string }) {
  return <p className="px-6 py-20 text-center text-ink-2">{children}</p>;
}
