import type { ListState } from '@roost/client';
import { useConnection } from '@roost/react';
import type { ReactNode } from 'react';

/** What stands where a list has no rows: why there are none yet, or `children`, what to do about it. */
export function ListFallback({
  list,
  children,
}: {
  list: Pick<ListState, 'isLoading' | 'error'>;
  children: ReactNode;
}) {
  const { state } = useConnection();
  if (list.error) return <Words>{list.error.message}</Words>;
  if (!list.isLoading) return children;
  if (state === 'offline' || state === 'waiting' || state === 'stopped')
    return <Words>Nothing has been loaded yet. It appears here once Roost can be reached.</Words>;
  return <Skeletons />;
}

function Words({ children }: { children: string }) {
  return <p className="px-6 py-16 text-center text-ink-2">{children}</p>;
}

function Skeletons() {
  return (
    <div role="status" className="motion-safe:animate-appear-late">
      <span className="sr-only">Loading…</span>
      {[70, 55, 80, 60].map((percent) => (
        <div key={percent} aria-hidden="true" className="flex h-21 gap-3 border-line border-b px-3 py-3">
          <div className="size-9 shrink-0 rounded-full bg-hover" />
          <div className="flex flex-1 flex-col gap-2.5 pt-1">
            <div className="h-3 w-1/2 rounded bg-hover" />
            <div className="h-3 rounded bg-hover" style={{ width: `${percent}%` }} />
          </div>
        </div>
      ))}
    </div>
  );
}
