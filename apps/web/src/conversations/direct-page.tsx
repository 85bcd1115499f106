import { useList, useMe } from '@roost/react';
import { Outlet, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { AsOf } from '../connection/as-of.tsx';
import { Button } from '../ui/button.tsx';
import { PlusIcon } from '../ui/icons.tsx';
import { Columns } from './columns.tsx';
import { ConversationList } from './conversation-list.tsx';
import { ListFallback } from './list-fallback.tsx';
import { NewDirectDialog } from './new-direct-dialog.tsx';
import { NOTHING_SELECTED } from './selection.ts';

/** What colleagues say to each other. */
export function DirectPage() {
  const { id: openId = null } = useParams({ strict: false });
  const list = useList('direct');
  const role = useMe()?.role;
  const [isBeginning, setBeginning] = useState(false);
  const begin = () => setBeginning(true);
  return (
    <Columns
      isOpen={openId !== null}
      list={
        <>
          <div className="flex h-12 shrink-0 items-center gap-3 border-line border-b pr-2 pl-4">
            <h1 className="font-semibold text-[0.9375rem] tracking-tight">Direct</h1>
            <AsOf />
            {role !== undefined && role !== 'viewer' && (
              <Button look="quiet" className="ml-auto px-2" onClick={begin}>
                <PlusIcon /> New
              </Button>
            )}
          </div>
          {list.rows.length > 0 ? (
            <ConversationList
              label="Direct conversations"
              place={null}
              list={list}
              openId={openId}
              selection={NOTHING_SELECTED}
              onSelect={null}
            />
          ) : (
            <ListFallback list={list}>
              <div className="px-8 py-16 text-center">
                <h2 className="font-semibold">Nobody has said anything yet</h2>
                <p className="mb-4 text-ink-2">Here colleagues talk among themselves; no contact sees it.</p>
                {role !== 'viewer' && <Button onClick={begin}>Write to a colleague</Button>}
              </div>
            </ListFallback>
          )}
          {isBeginning && <NewDirectDialog onClose={() => setBeginning(false)} />}
        </>
      }
      open={<Outlet />}
    />
  );
}
