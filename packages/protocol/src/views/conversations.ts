import { type ConversationsParams, type ConversationViewName, isIn } from './parts.ts';
import { audienceOf, drawn, type View, type Viewer } from './view.ts';

/**
 * Conversations with contacts, last active first. `mine` and `unassigned` are the open ones assigned to the viewer, or
 * to nobody.
 *
 * @throws filter.invalid  there is no such view
 */
export function conversationsView(params: ConversationsParams, viewer: Viewer): View<'conversation'> {
  const { view = 'open', inbox, label, contact } = params;
  const hidden = new Set(viewer.hidden);
  const isShown = isIn(view as ConversationViewName, viewer.user_id);
  return {
    ...drawn('conversations', viewer, params),
    kind: 'conversation',
    audience: audienceOf(viewer),
    includes: (row) =>
      row.kind === 'contact' &&
      !hidden.has(row.inbox_id as string) &&
      isShown(row) &&
      (inbox === undefined || row.inbox_id === inbox) &&
      (label === undefined || row.labels.includes(label)) &&
      (contact === undefined || row.contact?.id === contact),
  };
}
