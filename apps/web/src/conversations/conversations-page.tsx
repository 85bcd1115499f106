import { Outlet, useNavigate, useParams } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import { AsOf } from '../connection/as-of.tsx';
import { BulkBar } from './bulk-bar.tsx';
import { Columns } from './columns.tsx';
import { ConversationList } from './conversation-list.tsx';
import { EmptyPlace } from './empty-place.tsx';
import { ListFallback } from './list-fallback.tsx';
import { keyOf, type Place, placeWords } from './places.ts';
import { extended, NOTHING_SELECTED, type Selection, toggled, within } from './selection.ts';
import { SelectionContext } from './selection-context.ts';
import { useConversationsList } from './use-conversations-list.ts';
import { useDirectory } from './use-directory.ts';

/** A place's conversations beside the one that is open. */
export function ConversationsPage({ place }: { place: Place }) {
  const { id: openId = null } = useParams({ strict: false });
  const list = useConversationsList(place);
  const title = usePlaceTitle(place);
  const shown = useMemo(() => list.rows.map(({ id }) => id), [list.rows]);
  const { selection, select, clear } = useSelection(keyOf(place), shown);
  const selected = list.rows.filter(({ id }) => selection.ids.has(id));
  return (
    <SelectionContext value={selected.length > 0}>
      <Columns
        isOpen={openId !== null}
        list={
          <>
            {selected.length > 0 ? (
              <BulkBar rows={selected} onDone={clear} />
            ) : (
              <div className="flex h-12 shrink-0 items-center gap-3 border-line border-b px-4">
                <h1 className="truncate font-semibold text-[0.9375rem] tracking-tight">{title}</h1>
                <AsOf />
                <FilterReset place={place} />
              </div>
            )}
            {list.rows.length > 0 ? (
              <ConversationList
                key={keyOf(place)}
                label={title}
                place={place}
                list={list}
                openId={openId}
                selection={selection}
                onSelect={select}
              />
            ) : (
              <ListFallback list={list}>
                <EmptyPlace place={place} />
              </ListFallback>
            )}
          </>
        }
        open={<Outlet />}
      />
    </SelectionContext>
  );
}

/** Takes the inbox or the label out of the address, where one narrows the list. */
function FilterReset({ place }: { place: Place }) {
  const navigate = useNavigate();
  if (place.inbox === undefined && place.label === undefined) return null;
  const { view } = place;
  if (view === undefined) return null;
  return (
    <button
      type="button"
      className="ml-auto shrink-0 rounded text-[0.8125rem] text-accent-ink underline underline-offset-2"
      onClick={() => void navigate({ to: '/conversations', search: { view } })}
    >
      Everywhere
    </button>
  );
}

/** `Open`, `Mine`, `Support`, `Closed in Support`, `Label VIP`. */
export function usePlaceTitle({ view, inbox, label }: Place): string {
  const { inboxOf, labelOf } = useDirectory();
  const where = inbox !== undefined ? (inboxOf(inbox)?.name ?? 'This inbox') : null;
  const tag = label !== undefined ? (labelOf(label)?.name ?? label) : null;
  const of = where ?? tag;
  if (of === null) return placeWords[view ?? 'open'];
  return view === undefined ? of : `${placeWords[view]} in ${of}`;
}

function useSelection(key: string, shown: readonly string[]) {
  const [held, setHeld] = useState<{ key: string; selection: Selection }>({
    key,
    selection: NOTHING_SELECTED,
  });
  const selection = held.key === key ? within(held.selection, shown) : NOTHING_SELECTED;
  const select = useCallback(
    (id: string, isRange: boolean) =>
      setHeld((before) => {
        const from = before.key === key ? within(before.selection, shown) : NOTHING_SELECTED;
        return { key, selection: isRange ? extended(from, id, shown) : toggled(from, id) };
      }),
    [key, shown],
  );
  const clear = useCallback(() => setHeld({ key, selection: NOTHING_SELECTED }), [key]);
  return { selection, select, clear };
}
