import type { ConversationRow } from '../entities/conversation.ts';

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
