import type { ContactRow } from '@roost/protocol';
import { useList, useMe } from '@roost/react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { PanelChoice } from '../conversation/use-panel-choice.ts';
import { placeWords } from '../conversations/places.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { CloseIcon } from '../ui/icons.tsx';
import { useShortcuts } from '../ui/shortcuts.ts';
import { relativeTime } from '../ui/time.ts';
import { useNow } from '../ui/use-now.ts';
import { ContactDialog } from './contact-dialog.tsx';
import { ContactFacts } from './contact-facts.tsx';

interface ContactPanelProps {
  readonly contactId: string;
  /** The one that is open. */
  readonly conversationId: string;
  readonly panel: PanelChoice;
}

/** What is known of the contact, and what else was said with them. */
export function ContactPanel({ contactId, conversationId, panel }: ContactPanelProps) {
  const { rows, isLoading } = useList(`contact:${contactId}`);
  const [contact] = rows;
  useShortcuts({ Escape: () => !panel.isBeside && panel.toggle() });
  return (
    <aside
      aria-label="Contact"
      className={`w-64 shrink-0 overflow-y-auto border-line border-l bg-surface ${panel.isBeside ? '' : 'fixed inset-y-12 right-0 z-20 shadow-2xl'}`}
    >
      {!panel.isBeside && (
        <Button
          look="quiet"
          className="absolute top-2 right-2 px-2"
          onClick={panel.toggle}
          aria-label="Close"
        >
          <CloseIcon />
        </Button>
      )}
      {contact ? (
        <Known contact={contact} conversationId={conversationId} />
      ) : (
        <p className="p-4 text-ink-3">{isLoading ? 'Loading…' : 'This contact is not known any more.'}</p>
      )}
    </aside>
  );
}

function Known({ contact, conversationId }: { contact: ContactRow; conversationId: string }) {
  const [isEditing, setEditing] = useState(false);
  const role = useMe()?.role;
  const name = contact.name || contact.emails[0] || contact.phones[0] || 'Unknown contact';
  return (
    <div className="grid gap-5 p-4">
      <div className="flex flex-col items-center gap-2 pt-2 text-center">
        <Avatar name={name} size="lg" />
        <h2 className="max-w-full font-semibold [overflow-wrap:anywhere]">
          <Link to="/contacts/$id" params={{ id: contact.id }} className="rounded hover:underline">
            {name}
          </Link>
        </h2>
        {role !== 'viewer' && (
          <Button className="h-7" onClick={() => setEditing(true)}>
            Edit
          </Button>
        )}
      </div>
      <ContactFacts contact={contact} />
      <EarlierConversations contactId={contact.id} openId={conversationId} />
      {isEditing && <ContactDialog contact={contact} onClose={() => setEditing(false)} />}
    </div>
  );
}

/** Conversations with the contact, other than the one that is open. */
export function EarlierConversations({ contactId, openId }: { contactId: string; openId: string | null }) {
  const { rows, isLoading } = useList('conversations', { view: 'all', contact: contactId, limit: 20 });
  const now = useNow(60_000);
  const others = rows.filter(({ id }) => id !== openId);
  if (isLoading) return null;
  return (
    <section>
      <h3 className="mb-1.5 font-medium text-ink-3 text-xs">
        {openId === null ? 'Conversations' : 'Other conversations'}
      </h3>
      {others.length === 0 && <p className="text-[0.8125rem] text-ink-3">None yet.</p>}
      <ul className="-mx-2">
        {others.map((row) => (
          <li key={row.id}>
            <Link
              to="/conversations/$id"
              params={{ id: row.id }}
              search={{ view: 'all' }}
              className="block rounded-md px-2 py-1.5 hover:bg-hover"
            >
              <span className="flex items-baseline gap-2 text-[0.8125rem]">
                <span className="min-w-0 flex-1 truncate">
                  {row.subject || row.last_message?.snippet || 'No messages yet'}
                </span>
                <time dateTime={row.last_activity_at} className="shrink-0 text-ink-3 text-xs">
                  {relativeTime(Date.parse(row.last_activity_at), now)}
                </time>
              </span>
              <span className="text-ink-3 text-xs">{placeWords[row.status]}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
