import { type ConversationRow, type ConversationViewName, conversationViews, isIn } from '@roost/protocol';

/** The parts of the team's work as the navigation shows them; `unread` is the reader's own. */
export const placeNames = [
  'open',
  'mine',
  'unassigned',
  'unread',
  'pending',
  'snoozed',
  'closed',
  'archived',
  'all',
] as const;
export type PlaceName = (typeof placeNames)[number];

export const placeWords: Record<PlaceName, string> = {
  open: 'Open',
  mine: 'Mine',
  unassigned: 'Unassigned',
  unread: 'Unread',
  pending: 'Pending',
  snoozed: 'Snoozed',
  closed: 'Closed',
  archived: 'Archived',
  all: 'All',
};

/** Which conversations a list shows, as the address bar says it. */
export interface Place {
  /** `open` when left out. */
  readonly view?: PlaceName;
  readonly inbox?: string;
  readonly label?: string;
}

/** Reads the address bar; what it does not know is left out. */
export function placeOf(search: Readonly<Record<string, unknown>>): Place {
  const { view, inbox, label } = search;
  return {
    ...(isPlaceName(view) && view !== 'open' ? { view } : {}),
    ...(typeof inbox === 'string' && inbox !== '' ? { inbox } : {}),
    ...(typeof label === 'string' && label !== '' ? { label } : {}),
  };
}

/** The same place has the same name. */
export function keyOf({ view = 'open', inbox = '', label = '' }: Place): string {
  return `${view} ${inbox} ${label}`;
}

/** The server's name for it; null for `unread`, which is a channel of its own. */
export function viewOf({ view = 'open' }: Place): ConversationViewName | null {
  return conversationViews.find((known) => known === view) ?? null;
}

/** Whether a conversation stands there, by what its row says. */
export function isInPlace(place: Place, userId: string): (row: ConversationRow) => boolean {
  const view = viewOf(place);
  const isShown = view === null ? () => true : isIn(view, userId);
  return (row) =>
    row.kind === 'contact' &&
    isShown(row) &&
    (place.inbox === undefined || row.inbox_id === place.inbox) &&
    (place.label === undefined || row.labels.includes(place.label));
}

function isPlaceName(value: unknown): value is PlaceName {
  return placeNames.some((known) => known === value);
}
