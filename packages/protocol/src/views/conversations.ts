import type { ConversationRow } from '../entities/conversation.ts';
import { Failure } from '../failures.ts';
import { audienceOf, type View, type Viewer } from './view.ts';

/** The parts into which a team divides its conversations. */
export const conversationViews = [
  'all',
  'open',
  'mine',
  'unassigned',
  'pending',
  'snoozed',
  'closed',
  'archived',
] as const;
export type ConversationViewName = (typeof conversationViews)[number];

export interface ConversationsParams {
  /** `open` when left out. */
  readonly view?: string | undefined;
  /** Only of this inbox. */
  readonly inbox?: string | undefined;
  /** Only with this label. */
  readonly label?: string | undefined;
  /** Only with this contact. */
  readonly contact?: string | undefined;
}

/**
 * Conversations with contacts, last active first. `mine` and `unassigned` are the open ones assigned to the viewer, or
 * to nobody.
 *
 * @throws filter.invalid  there is no such view
 */
export function conversationsView(params: ConversationsParams, viewer: Viewer): View<'conversation'> {
  const name = params.view ?? 'open';
  if (!conversationViews.some((known) => known === name))
    throw new Failure('filter.invalid', `A view is one of ${conversationViews.join(', ')}.`);
  const { inbox, label, contact } = params;
  const hidden = new Set(viewer.hidden);
  const isShown = isIn(name as ConversationViewName, viewer.user_id);
  return {
    kind: 'conversation',
    channel: 'conversations',
    key: keyOf(name, params, viewer),
    audience: audienceOf(viewer),
    includes: (row) =>
      row.kind === 'contact' &&
      !hidden.has(row.inbox_id as string) &&
      isShown(row) &&
      (inbox === undefined || row.inbox_id === inbox) &&
      (label === undefined || row.labels.includes(label)) &&
      (contact === undefined || row.contact?.id === contact),
    sortKey: (row) => row.activity,
  };
}

/** Whether a conversation stands in one of the parts. */
export function isIn(
  name: ConversationViewName,
  userId: string,
): (row: Pick<ConversationRow, 'status' | 'assignee_id'>) => boolean {
  switch (name) {
    case 'all':
      return () => true;
    case 'mine':
      return (row) => row.status === 'open' && row.assignee_id === userId;
    case 'unassigned':
      return (row) => row.status === 'open' && row.assignee_id === null;
    default:
      return (row) => row.status === name;
  }
}

function keyOf(name: string, { inbox, label, contact }: ConversationsParams, { user_id }: Viewer): string {
  const of = name === 'mine' ? `mine:${user_id}` : name;
  const parts = [
    `view=${encodeURIComponent(of)}`,
    ...(inbox === undefined ? [] : [`inbox=${encodeURIComponent(inbox)}`]),
    ...(label === undefined ? [] : [`label=${encodeURIComponent(label)}`]),
    ...(contact === undefined ? [] : [`contact=${encodeURIComponent(contact)}`]),
  ];
  return `conversations?${parts.join('&')}`;
}
