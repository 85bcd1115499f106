import { systemClock } from '@roost/client';
import { useNavigate } from '@tanstack/react-router';
import { type ComponentProps, useEffect, useRef, useState } from 'react';
import { placeWords } from '../conversations/places.ts';
import { useDirectory } from '../conversations/use-directory.ts';
import { PageTitle } from '../notify/page-title.tsx';
import { Button } from '../ui/button.tsx';
import { SearchIcon } from '../ui/icons.tsx';
import { Notice } from '../ui/notice.tsx';
import { useShortcuts } from '../ui/shortcuts.ts';
import type { Asked } from './asked.ts';
import { HitItem } from './hit-item.tsx';
import { useSearch } from './use-search.ts';

/** Asked once the typing pauses. */
const TYPING_PAUSE_MS = 200;
const STATUSES = ['open', 'pending', 'snoozed', 'closed', 'archived'] as const;
const KINDS = [
  ['message', 'Messages'],
  ['note', 'Notes'],
  ['conversation', 'Subjects'],
  ['contact', 'Contacts'],
] as const;

/** Words lead to contacts, subjects, messages and notes that hold them. The address bar holds what is asked. */
export function SearchPage({ asked }: { asked: Asked }) {
  const navigate = useNavigate();
  const { inboxes, members, labels } = useDirectory();
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(asked.q ?? '');
  const found = useSearch(asked);
  const ask = (change: { readonly [_ in keyof Asked]: string | undefined }) =>
    void navigate({ to: '/search', search: { ...asked, ...change } as Asked, replace: true });
  const put = useRef(ask);
  put.current = ask;

  useEffect(() => {
    const q = typed.trim();
    if (q === (asked.q ?? '')) return;
    return systemClock.after(TYPING_PAUSE_MS, () => put.current({ q: q || undefined }));
  }, [typed, asked.q]);
  useShortcuts({ '/': () => field.current?.select() });

  const isAsked = (asked.q ?? '').trim() !== '';
  return (
    <main className="flex h-full flex-col">
      <PageTitle of="Search" />
      <h1 className="sr-only">Search</h1>
      <search className="border-line border-b bg-surface px-4 py-3">
        <div className="mx-auto grid max-w-3xl gap-2">
          <div className="relative">
            <span className="pointer-events-none absolute inset-y-0 left-3 grid place-items-center text-ink-3">
              <SearchIcon />
            </span>
            <input
              ref={field}
              type="search"
              // biome-ignore lint/a11y/noAutofocus: whoever comes here came to type
              autoFocus
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              maxLength={200}
              aria-label="Search contacts, messages and notes"
              placeholder={'Words, "several in a row", -not this'}
              className="h-10 w-full rounded-lg border border-line-strong bg-surface pr-3 pl-9"
            />
          </div>
          <div className="flex flex-wrap gap-2">
            <Choice label="Kind" value={asked.kind} onPut={(kind) => ask({ kind })} options={KINDS} />
            <Choice
              label="Status"
              value={asked.status}
              onPut={(status) => ask({ status })}
              options={STATUSES.map((one) => [one, placeWords[one]])}
            />
            <Choice
              label="Inbox"
              value={asked.inbox}
              onPut={(inbox) => ask({ inbox })}
              options={inboxes.map(({ id, name }) => [id, name])}
            />
            <Choice
              label="Assignee"
              value={asked.assignee}
              onPut={(assignee) => ask({ assignee })}
              options={[
                ['none', 'Nobody'],
                ...members.map(({ id, name, email }) => [id, name || email] as const),
              ]}
            />
            {labels.length > 0 && (
              <Choice
                label="Label"
                value={asked.label}
                onPut={(label) => ask({ label })}
                options={labels.map(({ id, name }) => [id, name])}
              />
            )}
          </div>
        </div>
      </search>
      <div className="min-h-0 flex-1 overflow-y-auto px-2 py-2 sm:px-4">
        <div className="mx-auto max-w-3xl">
          <p role="status" className="sr-only">
            {isAsked && !found.isSearching && `${found.rows.length}${found.hasMore ? ' or more' : ''} found`}
          </p>
          {found.problem !== null && <Notice tone="bad">{found.problem}</Notice>}
          {!isAsked && (
            <p className="py-16 text-center text-ink-2">
              Finds contacts, subjects, messages and notes. The last word may be half typed.
            </p>
          )}
          {isAsked && found.rows.length === 0 && found.problem === null && (
            <p className="py-16 text-center text-ink-2">
              {found.isSearching
                ? 'Searching…'
                : 'Nothing was found. Fewer words or fewer filters find more.'}
            </p>
          )}
          <ul aria-label="Found" className={found.isSearching ? 'opacity-60' : ''}>
            {found.rows.map((hit) => (
              <HitItem key={`${hit.kind} ${hit.id}`} hit={hit} />
            ))}
          </ul>
          {found.hasMore && (
            <div className="flex justify-center py-4">
              <Button onClick={() => void found.fetchMore()} disabled={found.isFetchingMore}>
                {found.isFetchingMore ? 'Searching…' : 'Search further back'}
              </Button>
            </div>
          )}
        </div>
      </div>
    </main>
  );
}

interface ChoiceProps extends Pick<ComponentProps<'select'>, 'className'> {
  readonly label: string;
  readonly value: string | undefined;
  readonly options: readonly (readonly [string, string])[];
  readonly onPut: (value: string | undefined) => void;
}

function Choice({ label, value, options, onPut }: ChoiceProps) {
  return (
    <select
      aria-label={label}
      value={value ?? ''}
      onChange={(event) => onPut(event.target.value || undefined)}
      className={`h-8 max-w-40 rounded-md border px-2 text-[0.8125rem] ${value ? 'border-accent-ink bg-accent-soft text-accent-ink' : 'border-line bg-surface text-ink-2'}`}
    >
      <option value="">Any {label.toLowerCase()}</option>
      {options.map(([id, words]) => (
        <option key={id} value={id}>
          {words}
        </option>
      ))}
    </select>
  );
}
