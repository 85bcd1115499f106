import { useList, useMe } from '@roost/react';
import { Link, useNavigate } from '@tanstack/react-router';
import { useDeferredValue, useState } from 'react';
import { AsOf } from '../connection/as-of.tsx';
import { ListFallback } from '../conversations/list-fallback.tsx';
import { PageTitle } from '../notify/page-title.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { PlusIcon } from '../ui/icons.tsx';
import { useOlderRows } from '../ui/use-older-rows.ts';
import { ContactDialog } from './contact-dialog.tsx';
import { isAbout, nameOfContact } from './contact-name.ts';

/** Everybody who ever wrote, newest first. */
export function ContactsPage() {
  const list = useList('contacts', { limit: 100 });
  const older = useOlderRows(list);
  const role = useMe()?.role;
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const [isAdding, setAdding] = useState(false);
  const wanted = useDeferredValue(typed.trim().toLowerCase());
  const shown = list.rows.filter(isAbout(wanted));
  return (
    <main className="flex h-full flex-col">
      <PageTitle of="Contacts" />
      <div className="flex min-h-12 flex-wrap items-center gap-3 border-line border-b bg-surface px-4 py-1.5">
        <h1 className="font-semibold text-[0.9375rem] tracking-tight">Contacts</h1>
        <AsOf />
        <input
          type="search"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          aria-label="Only contacts with"
          placeholder="Name, address or number"
          className="ml-auto h-8 w-56 min-w-0 rounded-md border border-line bg-surface px-3 text-[0.8125rem]"
        />
        {role !== undefined && role !== 'viewer' && (
          <Button onClick={() => setAdding(true)}>
            <PlusIcon /> New contact
          </Button>
        )}
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto">
        {shown.length === 0 ? (
          <ListFallback list={list}>
            <p className="px-6 py-16 text-center text-ink-2">
              {wanted === ''
                ? 'Nobody has written yet. Whoever does becomes a contact.'
                : `Nobody here with “${typed.trim()}”.`}
            </p>
          </ListFallback>
        ) : (
          <ul className="mx-auto max-w-5xl">
            {shown.map((contact) => (
              <li key={contact.id} className="border-line border-b">
                <Link
                  to="/contacts/$id"
                  params={{ id: contact.id }}
                  className="flex min-h-14 items-center gap-3 px-4 py-2 outline-offset-[-2px] hover:bg-hover"
                >
                  <Avatar name={nameOfContact(contact)} />
                  <span className="min-w-0 flex-1">
                    <span className="block truncate font-medium">{nameOfContact(contact)}</span>
                    <span className="block truncate text-[0.8125rem] text-ink-3">
                      {[...contact.emails, ...contact.phones].join(' · ') || contact.external_ids.join(' · ')}
                    </span>
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        )}
        {list.hasMore && (
          <div className="flex items-center justify-center gap-3 py-4 text-[0.8125rem]">
            {older.problem && <span className="text-bad-ink">{older.problem}</span>}
            <Button onClick={older.retry} disabled={list.isFetchingMore}>
              {list.isFetchingMore ? 'Loading…' : 'More contacts'}
            </Button>
          </div>
        )}
      </div>
      {isAdding && (
        <ContactDialog
          contact={null}
          onClose={() => setAdding(false)}
          onSaved={({ id }) => void navigate({ to: '/contacts/$id', params: { id } })}
        />
      )}
    </main>
  );
}
