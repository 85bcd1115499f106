import type { InboxKind, InboxRow } from '@roost/protocol';
import { useMe } from '@roost/react';
import { useState } from 'react';
import { useDirectory } from '../conversations/use-directory.ts';
import { Button } from '../ui/button.tsx';
import { PlusIcon } from '../ui/icons.tsx';
import { AddInboxDialog } from './add-inbox-dialog.tsx';
import { EditInboxDialog } from './edit-inbox-dialog.tsx';
import { Nothing, RowItem, Rows, Section } from './section.tsx';
import { useWrite } from './use-write.ts';

export const kindWords: Record<InboxKind, string> = { mail: 'Mail', whatsapp: 'WhatsApp', api: 'API' };

/** Where things arrive, and who sees them. */
export function InboxesSettings() {
  const { inboxes, members } = useDirectory();
  const role = useMe()?.role;
  const isAdmin = role === 'owner' || role === 'admin';
  const [isAdding, setAdding] = useState(false);
  const [edited, setEdited] = useState<string | null>(null);
  const write = useWrite();
  const editing = inboxes.find(({ id }) => id === edited);
  return (
    <Section
      text="A mail address, a WhatsApp number, or a channel that your own application writes to."
      action={
        isAdmin && (
          <Button look="primary" onClick={() => setAdding(true)}>
            <PlusIcon /> Add an inbox
          </Button>
        )
      }
    >
      {inboxes.length === 0 ? (
        <Nothing>There is no inbox yet.</Nothing>
      ) : (
        <Rows>
          {inboxes.map((inbox) => (
            <RowItem key={inbox.id}>
              <span className="min-w-0 flex-1">
                <span className="block truncate font-medium">{inbox.name}</span>
                <span className="block text-[0.8125rem] text-ink-3 [overflow-wrap:anywhere]">
                  {factsOf(inbox, members.length)}
                </span>
              </span>
              {isAdmin && inbox.kind === 'whatsapp' && (
                <Button
                  look="quiet"
                  onClick={() =>
                    void write(
                      'POST',
                      `/api/v1/inboxes/${inbox.id}/templates/sync`,
                      undefined,
                      'The templates are as WhatsApp has them.',
                    )
                  }
                >
                  Fetch templates
                </Button>
              )}
              {isAdmin && <Button onClick={() => setEdited(inbox.id)}>Change</Button>}
            </RowItem>
          ))}
        </Rows>
      )}
      {isAdding && <AddInboxDialog onClose={() => setAdding(false)} />}
      {editing && <EditInboxDialog key={editing.id} inbox={editing} onClose={() => setEdited(null)} />}
    </Section>
  );
}

function factsOf(inbox: InboxRow, memberCount: number): string {
  const seen =
    inbox.access === 'everyone'
      ? 'everybody sees it'
      : `only ${inbox.member_ids.length} of ${memberCount} members, and admins, see it`;
  const address = inbox.kind === 'api' ? `id ${inbox.id}` : (inbox.phone ?? inbox.address);
  return [kindWords[inbox.kind], address, inbox.threads ? 'conversations' : 'mail list only', seen].join(
    ' · ',
  );
}
