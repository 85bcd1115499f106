import { useMe, useUnreadMail } from '@roost/react';
import { Dot } from '../conversations/label-chip.tsx';
import { placeNames, placeWords } from '../conversations/places.ts';
import { useDirectory } from '../conversations/use-directory.ts';
import { useUnreadCounts } from '../conversations/use-unread.ts';
import { Badge } from '../ui/badge.tsx';
import { ContactsIcon, GearIcon, MailIcon, PeopleIcon, SearchIcon } from '../ui/icons.tsx';
import { NavLink, NavSection } from './nav-link.tsx';

/** Every place there is, with what waits for me in it. */
export function Nav({ onGo }: { onGo?: () => void }) {
  const counts = useUnreadCounts();
  const { inboxes, labels } = useDirectory();
  const mail = useUnreadMail();
  const role = useMe()?.role;
  const threaded = inboxes.filter(({ threads }) => threads);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: links take Enter, and the click comes up here
    <nav
      aria-label="Places"
      onClick={(event) => {
        if ((event.target as Element).closest('a')) onGo?.();
      }}
      className="flex h-full flex-col"
    >
      <div className="flex min-h-0 flex-1 flex-col gap-0.5 overflow-y-auto px-2 pb-2">
        <div className="pt-2">
          <NavLink to="/search" icon={<SearchIcon />}>
            Search
          </NavLink>
        </div>
        <NavSection label="Conversations">
          {placeNames.map((view) => (
            <NavLink
              key={view}
              to="/conversations"
              search={view === 'open' ? {} : { view }}
              count={
                view === 'unread' || view === 'all' || view === 'closed' || view === 'archived'
                  ? 0
                  : counts.places[view]
              }
              quietCount={view === 'unread' ? counts.places.unread : 0}
              atLeast={counts.atLeast}
            >
              {placeWords[view]}
            </NavLink>
          ))}
        </NavSection>
        {threaded.length > 0 && (
          <NavSection label="Inboxes">
            {threaded.map(({ id, name }) => (
              <NavLink
                key={id}
                to="/conversations"
                search={{ inbox: id }}
                count={counts.inboxes.get(id) ?? 0}
                atLeast={counts.atLeast}
              >
                {name}
              </NavLink>
            ))}
          </NavSection>
        )}
        {labels.length > 0 && (
          <NavSection label="Labels">
            {labels.map(({ id, name, color }) => (
              <NavLink
                key={id}
                to="/conversations"
                search={{ label: id }}
                icon={<Dot color={color} />}
                count={counts.labels.get(id) ?? 0}
                atLeast={counts.atLeast}
              >
                {name}
              </NavLink>
            ))}
          </NavSection>
        )}
      </div>
      <div className="grid gap-0.5 border-line border-t p-2">
        <NavLink to="/direct" icon={<PeopleIcon />} count={counts.direct} atLeast={counts.atLeast}>
          Direct
        </NavLink>
        <NavLink to="/mail" icon={<MailIcon />} quietCount={mail.count} atLeast={mail.atLeast}>
          Mail
        </NavLink>
        <NavLink to="/contacts" icon={<ContactsIcon />}>
          Contacts
        </NavLink>
        {role !== undefined && (
          <NavLink to="/settings" icon={<GearIcon />}>
            Settings
          </NavLink>
        )}
      </div>
    </nav>
  );
}

/** The same, where only icons have room. */
export function WaitingBadge() {
  const { total, atLeast } = useUnreadCounts();
  return <Badge count={total} label="unread" atLeast={atLeast} />;
}
