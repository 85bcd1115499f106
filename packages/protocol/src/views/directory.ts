import type { EntityKind } from '../entity.ts';
import { audienceOf, type View, type Viewer } from './view.ts';

/** Whoever belongs to the organisation, and whoever did. */
export function membersView(): View<'member'> {
  return { ...all('member', 'members'), includes: () => true, sortKey: (row) => row.id };
}

export function inboxesView(viewer: Viewer): View<'inbox'> {
  const hidden = new Set(viewer.hidden);
  return {
    ...all('inbox', 'inboxes'),
    audience: audienceOf(viewer),
    includes: (row) => !hidden.has(row.id),
    sortKey: (row) => row.id,
  };
}

export function labelsView(): View<'label'> {
  return { ...all('label', 'labels'), includes: () => true, sortKey: (row) => row.id };
}

export function cannedRepliesView(): View<'canned_reply'> {
  return { ...all('canned_reply', 'canned_replies'), includes: () => true, sortKey: (row) => row.id };
}

/** Templates of the inboxes that the viewer sees, newest first. */
export function templatesView(viewer: Viewer): View<'template'> {
  const hidden = new Set(viewer.hidden);
  return {
    ...all('template', 'templates'),
    audience: audienceOf(viewer),
    includes: (row) => !hidden.has(row.inbox_id),
    sortKey: (row) => row.id,
  };
}

/** Everybody who ever wrote, newest first. */
export function contactsView(): View<'contact'> {
  return { ...all('contact', 'contacts'), includes: () => true, sortKey: (row) => row.id };
}

export function contactView(id: string): View<'contact'> {
  return {
    ...all('contact', `contact:${id}`),
    only: id,
    includes: (row) => row.id === id,
    sortKey: (row) => row.id,
  };
}

function all<Kind extends EntityKind>(kind: Kind, channel: string) {
  return { kind, channel, key: channel, audience: '' } as const;
}
