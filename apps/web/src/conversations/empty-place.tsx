import { useMe } from '@roost/react';
import { Link } from '@tanstack/react-router';
import { Logo } from '../ui/logo.tsx';
import type { Place, PlaceName } from './places.ts';
import { useDirectory } from './use-directory.ts';

const words: Record<PlaceName, readonly [string, string]> = {
  open: ['All done', 'Nothing is open. A message that comes in opens its conversation here.'],
  mine: ['Nothing is yours', 'Take a conversation with “Assign”, or press i while it is open.'],
  unassigned: ['Everybody’s been taken care of', 'Every open conversation has somebody who looks after it.'],
  unread: ['You have read everything', 'What comes in while you are away is counted here.'],
  pending: ['Nothing is pending', 'Set a conversation to pending while you wait for somebody.'],
  snoozed: ['Nothing is snoozed', 'Snooze a conversation with s, and it comes back at its time.'],
  closed: [
    'Nothing is closed',
    'Close a conversation with e once it is dealt with; a new message opens it again.',
  ],
  archived: ['Nothing is archived', 'Archive with y what nobody needs to see again.'],
  all: ['No conversations yet', 'They begin when somebody writes to one of your inboxes.'],
};

/** What to do where nothing is. */
export function EmptyPlace({ place }: { place: Place }) {
  const { inboxes } = useDirectory();
  const role = useMe()?.role;
  const [title, text] = words[place.view ?? 'open'];
  const hasNoInbox = !inboxes.some(({ threads }) => threads);
  const isAdmin = role === 'owner' || role === 'admin';
  return (
    <div className="flex flex-col items-center gap-1 px-8 py-16 text-center">
      <div className="mb-3">
        <Logo size={36} />
      </div>
      {hasNoInbox ? (
        <>
          <h2 className="font-semibold">No inbox keeps conversations yet</h2>
          <p className="text-ink-2">
            {isAdmin ? (
              <>
                Add a mail address, a WhatsApp number or an API channel under{' '}
                <Link
                  to="/settings/$page"
                  params={{ page: 'inboxes' }}
                  className="text-accent-ink underline underline-offset-2"
                >
                  Settings, Inboxes
                </Link>
                .
              </>
            ) : (
              'An admin adds inboxes under Settings.'
            )}
          </p>
        </>
      ) : (
        <>
          <h2 className="font-semibold">{title}</h2>
          <p className="text-ink-2">{text}</p>
        </>
      )}
    </div>
  );
}
