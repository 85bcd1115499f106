import type { Role } from '@roost/protocol';
import { useMe } from '@roost/react';
import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { PageTitle } from '../notify/page-title.tsx';
import { BackIcon } from '../ui/icons.tsx';
import { AccountSettings } from './account.tsx';
import { AuditSettings } from './audit.tsx';
import { CannedRepliesSettings } from './canned-replies.tsx';
import { InboxesSettings } from './inboxes.tsx';
import { LabelsSettings } from './labels.tsx';
import { MembersSettings } from './members.tsx';
import { NotificationsSettings } from './notifications.tsx';
import { TokensSettings } from './tokens.tsx';

interface Page {
  readonly name: string;
  readonly title: string;
  readonly roles: readonly Role[];
  readonly show: () => ReactNode;
}

const EVERYBODY: readonly Role[] = ['owner', 'admin', 'agent', 'viewer'];
const AGENTS: readonly Role[] = ['owner', 'admin', 'agent'];
const ADMINS: readonly Role[] = ['owner', 'admin'];

const pages: readonly Page[] = [
  { name: 'account', title: 'My account', roles: EVERYBODY, show: () => <AccountSettings /> },
  { name: 'notifications', title: 'Notifications', roles: EVERYBODY, show: () => <NotificationsSettings /> },
  { name: 'tokens', title: 'API tokens', roles: EVERYBODY, show: () => <TokensSettings /> },
  { name: 'members', title: 'Members', roles: EVERYBODY, show: () => <MembersSettings /> },
  { name: 'inboxes', title: 'Inboxes', roles: EVERYBODY, show: () => <InboxesSettings /> },
  { name: 'labels', title: 'Labels', roles: AGENTS, show: () => <LabelsSettings /> },
  { name: 'canned-replies', title: 'Canned replies', roles: AGENTS, show: () => <CannedRepliesSettings /> },
  { name: 'audit', title: 'Audit log', roles: ADMINS, show: () => <AuditSettings /> },
];

/** Settings, one page each, of which everybody sees what they may use. */
export function SettingsPage() {
  const { page = null } = useParams({ strict: false });
  const role = useMe()?.role;
  if (role === undefined) return null;
  const mine = pages.filter(({ roles }) => roles.includes(role));
  const current = page === null ? mine[0] : mine.find(({ name }) => name === page);
  return (
    <div className="flex h-full min-h-0">
      <PageTitle of={current?.title ?? 'Settings'} />
      <nav
        aria-label="Settings"
        className={`w-full shrink-0 flex-col gap-0.5 overflow-y-auto border-line bg-surface p-2 md:flex md:w-48 md:border-r ${page === null ? 'flex' : 'hidden'}`}
      >
        <h1 className="px-2.5 pt-2 pb-2 font-semibold text-[0.9375rem] tracking-tight">Settings</h1>
        {mine.map(({ name, title }) => (
          <Link
            key={name}
            to="/settings/$page"
            params={{ page: name }}
            aria-current={name === current?.name ? 'page' : undefined}
            className={`flex min-h-9 items-center rounded-md px-2.5 md:min-h-8 ${name === current?.name ? 'md:bg-accent-soft md:font-medium md:text-accent-ink' : 'text-ink-2 hover:bg-hover hover:text-ink'}`}
          >
            {title}
          </Link>
        ))}
      </nav>
      <main
        className={`min-w-0 flex-1 overflow-y-auto px-4 py-5 sm:px-8 md:block ${page === null ? 'hidden' : ''}`}
      >
        <div className="mx-auto max-w-3xl">
          <Link
            to="/settings"
            className="-ml-1 mb-3 inline-flex items-center gap-1 rounded text-ink-2 md:hidden"
          >
            <BackIcon /> Settings
          </Link>
          {current ? (
            <>
              <h2 className="mb-5 font-semibold text-xl tracking-tight">{current.title}</h2>
              {current.show()}
            </>
          ) : (
            <p className="text-ink-2">There is no such page of settings, or it is not for your role.</p>
          )}
        </div>
      </main>
    </div>
  );
}
