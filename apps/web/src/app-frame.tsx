import type { Client } from '@roost/client';
import { limits } from '@roost/protocol';
import { RoostProvider, useInbox, useList } from '@roost/react';
import { Link, Outlet, useMatch, useMatchRoute, useNavigate } from '@tanstack/react-router';
import { useState, useSyncExternalStore } from 'react';
import { ConnectionBadge } from './connection/badge.tsx';
import type { Connection } from './connection/connection.ts';
import { NarrowNav } from './nav/narrow-nav.tsx';
import { Nav } from './nav/nav.tsx';
import { Notifier } from './notify/notifier.tsx';
import { AccountMenu } from './session/account-menu.tsx';
import { Logo } from './ui/logo.tsx';
import { useShortcuts } from './ui/shortcuts.ts';
import { ShortcutsDialog } from './ui/shortcuts-dialog.tsx';
import { Toasts } from './ui/toasts.tsx';

/** What stays in place around the pages of somebody signed in. */
export function AppFrame({ connection }: { connection: Connection }) {
  const client = useSyncExternalStore<Client | null>(connection.subscribe, connection.getSnapshot);
  const filter = useLastFilter();
  const [isShowingShortcuts, setShowingShortcuts] = useState(false);
  const showShortcuts = () => setShowingShortcuts(true);
  const navigate = useNavigate();
  // Pages with a field of their own take the slash themselves.
  const hasOwnField = useMatchRoute();
  useShortcuts({
    '?': showShortcuts,
    '/': () => {
      if (!hasOwnField({ to: '/mail' }) && !hasOwnField({ to: '/search' }))
        void navigate({ to: '/search', search: {} });
    },
  });
  // For the moment between signing out and the way to the sign-in page.
  if (client === null) return null;
  return (
    <RoostProvider client={client}>
      <ListKeeper filter={filter} />
      <Notifier />
      <div className="flex h-dvh flex-col">
        <header className="flex h-12 shrink-0 items-center justify-between gap-3 border-line border-b bg-surface px-4">
          <div className="flex items-center gap-2">
            <NarrowNav />
            <Link to="/" className="flex items-center gap-2 rounded-md font-semibold tracking-tight">
              <Logo />
              <span className="max-sm:sr-only">Roost</span>
            </Link>
          </div>
          <div className="flex min-w-0 items-center gap-4">
            <ConnectionBadge />
            <AccountMenu onShowShortcuts={showShortcuts} />
          </div>
        </header>
        <div className="flex min-h-0 flex-1">
          <div className="w-52 shrink-0 border-line border-r bg-surface max-lg:hidden">
            <Nav />
          </div>
          <div className="min-w-0 flex-1">
            <Outlet />
          </div>
        </div>
      </div>
      <Toasts />
      {isShowingShortcuts && <ShortcutsDialog onClose={() => setShowingShortcuts(false)} />}
    </RoostProvider>
  );
}

/** As many as a page may have: what is unread is counted in the rows that are known. */
const WHOLE_INBOX = { limit: limits.PAGE_MAX_ROWS };

/** Keeps the list of the mail alive under the message pages: on the way back it is there, as deep as it was read. */
function ListKeeper({ filter }: { filter: string }) {
  useInbox(filter || undefined);
  useList('inbox', WHOLE_INBOX);
  return null;
}

/** The filter of the mail, also while a message is shown that was opened from it. */
function useLastFilter(): string {
  const mail = useMatch({ from: '/app/mail', shouldThrow: false });
  const [last, setLast] = useState('');
  const shown = mail ? (mail.search.filter ?? '') : last;
  if (shown !== last) setLast(shown);
  return shown;
}
