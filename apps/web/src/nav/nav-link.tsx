import { Link, useRouterState } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Place } from '../conversations/places.ts';
import { keyOf, placeOf } from '../conversations/places.ts';
import { Badge } from '../ui/badge.tsx';

interface NavLinkProps {
  readonly to: '/conversations' | '/direct' | '/mail' | '/contacts' | '/settings' | '/search';
  readonly search?: Place;
  readonly icon?: ReactNode;
  readonly count?: number;
  /** A count that asks for nothing. */
  readonly quietCount?: number;
  /** There may be more. */
  readonly atLeast?: boolean;
  readonly children: ReactNode;
}

export function NavLink(props: NavLinkProps) {
  const { to, search = {}, icon, count = 0, quietCount = 0, atLeast = false, children } = props;
  const isHere = useIsHere(to, search);
  return (
    <Link
      to={to}
      search={search}
      preload={false}
      aria-current={isHere ? 'page' : undefined}
      className={`flex h-9 shrink-0 items-center gap-2.5 rounded-md px-2.5 outline-offset-[-2px] lg:h-7.5 ${isHere ? 'bg-accent-soft font-medium text-accent-ink' : 'text-ink-2 hover:bg-hover hover:text-ink'}`}
    >
      {icon !== undefined && <span className="grid w-4 shrink-0 place-items-center">{icon}</span>}
      <span className="min-w-0 flex-1 truncate">{children}</span>
      <Badge count={count} label="unread" atLeast={atLeast} />
      <Badge count={quietCount} label="unread" isQuiet atLeast={atLeast} />
    </Link>
  );
}

export function NavSection({ label, children }: { label: string; children: ReactNode }) {
  return (
    <section aria-label={label} className="grid gap-0.5">
      <h2 className="px-2.5 pt-3 pb-1 font-medium text-ink-3 text-xs">{label}</h2>
      {children}
    </section>
  );
}

/** A link names a whole place; a conversation that was opened from there belongs to it. */
function useIsHere(to: string, search: Place): boolean {
  const location = useRouterState({ select: ({ location }) => location });
  const isUnder = location.pathname === to || location.pathname.startsWith(`${to}/`);
  if (to === '/mail') return isUnder || location.pathname.startsWith('/message/');
  if (to !== '/conversations') return isUnder;
  return isUnder && keyOf(placeOf(location.search as Record<string, unknown>)) === keyOf(search);
}
