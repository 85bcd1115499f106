import { audienceByRole, drawn, type View, type Viewer } from './view.ts';

/** One message that came to an inbox, or left from one. Direct messages are shown by their conversation alone. */
export function messageView(id: string, viewer: Viewer): View<'message'> {
  const hidden = new Set(viewer.hidden);
  return {
    ...drawn(`message:${id}`, viewer),
    kind: 'message',
    audience: audienceByRole(viewer),
    only: id,
    includes: (row) =>
      row.id === id &&
      row.inbox_id !== null &&
      !hidden.has(row.inbox_id) &&
      (viewer.admin === true || row.mail?.decision !== 'QUARANTINE'),
  };
}
