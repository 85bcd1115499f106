import type { ContactRow } from '@roost/protocol';
import { useInboxes, useList, useMe } from '@roost/react';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { PageTitle } from '../notify/page-title.tsx';
import { useApi } from '../session/session-context.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { BackIcon } from '../ui/icons.tsx';
import { Menu, MenuItem } from '../ui/menu.tsx';
import { tellProblem } from '../ui/toasts.tsx';
import { ContactDialog } from './contact-dialog.tsx';
import { ContactFacts } from './contact-facts.tsx';
import { nameOfContact } from './contact-name.ts';
import { EarlierConversations } from './contact-panel.tsx';

/** One contact: what is known, and what was said. */
export function ContactPage({ id }: { id: string }) {
  const { rows, isLoading, error } = useList(`contact:${id}`);
  const [contact] = rows;
  const [isEditing, setEditing] = useState(false);
  const role = useMe()?.role;
  const mayAct = role !== undefined && role !== 'viewer';
  const name = contact ? nameOfContact(contact) : 'Contact';
  return (
    <main className="h-full overflow-y-auto px-4 py-3 sm:px-8">
      <PageTitle of={name} />
      <div className="mx-auto max-w-2xl">
        <Link
          to="/contacts"
          className="-ml-1 mb-4 inline-flex items-center gap-1 rounded text-ink-2 hover:text-ink"
        >
          <BackIcon /> Contacts
        </Link>
        {!contact ? (
          <p className="py-12 text-center text-ink-2">
            {isLoading
              ? 'Loading…'
              : error && error.code !== 'contact.unknown'
                ? error.message
                : 'There is no such contact.'}
          </p>
        ) : (
          <div className="grid gap-6">
            <div className="flex flex-wrap items-center gap-4">
              <Avatar name={name} size="lg" />
              <h1 className="min-w-0 flex-1 font-semibold text-xl tracking-tight [overflow-wrap:anywhere]">
                {name}
              </h1>
              {mayAct && (
                <span className="flex gap-2">
                  <Button onClick={() => setEditing(true)}>Edit</Button>
                  <BeginMenu contact={contact} />
                </span>
              )}
            </div>
            <div className="rounded-lg border border-line bg-surface p-4">
              <ContactFacts contact={contact} />
            </div>
            <EarlierConversations contactId={id} openId={null} />
          </div>
        )}
        {isEditing && contact && <ContactDialog contact={contact} onClose={() => setEditing(false)} />}
      </div>
    </main>
  );
}

/** Begins a conversation from an inbox that can reach the contact. */
function BeginMenu({ contact }: { contact: ContactRow }) {
  const api = useApi();
  const navigate = useNavigate();
  const { rows } = useInboxes();
  const ways = { mail: contact.emails, whatsapp: contact.phones, api: contact.external_ids };
  const usable = rows.filter(({ kind, threads }) => threads && ways[kind].length > 0);
  if (usable.length === 0) return null;
  const begin = async (inboxId: string) => {
    try {
      const { conversation_id } = await api.write<{ conversation_id: string }>(
        'POST',
        '/api/v1/conversations',
        {
          contact_id: contact.id,
          inbox_id: inboxId,
        },
      );
      await navigate({ to: '/conversations/$id', params: { id: conversation_id }, search: {} });
    } catch (error) {
      tellProblem((error as Error).message);
    }
  };
  return (
    <Menu label="Write from" trigger={<Button look="primary">Write to them</Button>}>
      {usable.map(({ id, name }) => (
        <MenuItem key={id} onSelect={() => void begin(id)}>
          From {name}
        </MenuItem>
      ))}
    </Menu>
  );
}
