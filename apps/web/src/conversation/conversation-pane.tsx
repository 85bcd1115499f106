import type { ConversationRow } from '@roost/protocol';
import { useList } from '@roost/react';
import { useNavigate } from '@tanstack/react-router';
import { useCallback, useState } from 'react';
import { Composer } from '../composer/composer.tsx';
import { ContactPanel } from '../contacts/contact-panel.tsx';
import type { Place } from '../conversations/places.ts';
import { titleOf } from '../conversations/preview.ts';
import { useDirectory } from '../conversations/use-directory.ts';
import { PageTitle } from '../notify/page-title.tsx';
import { useShortcuts } from '../ui/shortcuts.ts';
import { ConversationHeader } from './conversation-header.tsx';
import { GoneConversation } from './gone-conversation.tsx';
import { Thread } from './thread.tsx';
import { usePanelChoice } from './use-panel-choice.ts';

interface ConversationPaneProps {
  readonly id: string;
  /** Where it was opened from; null among direct conversations. */
  readonly place: Place | null;
}

/** One conversation, live: what was said, what can be done, and the answer that is being written. */
export function ConversationPane({ id, place }: ConversationPaneProps) {
  const { rows, isLoading, error } = useList(`conversation:${id}`);
  const [row] = rows;
  const [wasThere, setWasThere] = useState(false);
  if (row && !wasThere) setWasThere(true);
  const back = useWayToList(place);
  if (row) return <Opened row={row} onBack={back} />;
  if (isLoading && error === null)
    return (
      <p role="status" className="py-16 text-center text-ink-3 motion-safe:animate-appear-late">
        Loading the conversation…
      </p>
    );
  return <GoneConversation wasThere={wasThere} why={error} onBack={back} />;
}

function Opened({ row, onBack }: { row: ConversationRow; onBack: () => void }) {
  const { myId, nameOf } = useDirectory();
  const [replyTo, setReplyTo] = useState<string | null>(null);
  const panel = usePanelChoice();
  const title = titleOf(row, myId, nameOf);
  const { contact } = row;
  useShortcuts({ u: onBack, ...(contact ? { p: panel.toggle } : {}) });
  return (
    <div className="flex h-full min-h-0">
      <PageTitle of={title} />
      <main className="flex h-full min-w-0 flex-1 flex-col">
        <ConversationHeader row={row} title={title} onBack={onBack} panel={contact ? panel : null} />
        <Thread row={row} onReply={row.kind === 'contact' ? setReplyTo : null} />
        <Composer row={row} replyTo={replyTo} onReplyTo={setReplyTo} />
      </main>
      {contact && panel.isOpen && (
        <ContactPanel key={contact.id} contactId={contact.id} conversationId={row.id} panel={panel} />
      )}
    </div>
  );
}

function useWayToList(place: Place | null): () => void {
  const navigate = useNavigate();
  return useCallback(() => {
    if (place === null) void navigate({ to: '/direct' });
    else void navigate({ to: '/conversations', search: place });
  }, [navigate, place]);
}
