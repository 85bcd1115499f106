import type { EntityKind } from '../entity.ts';
import { audienceOf, drawn, type View, type Viewer } from './view.ts';

/** Whoever belongs to the organisation, and whoever did. */
export function membersView(viewer: Viewer): View<'member'> {
  return { ...all('member', 'members', viewer), includes: () => true };
}

export function inboxesView(viewer: Viewer): View<'inbox'> {
  const hidden = new Set(viewer.hidden);
  return {
    ...all('inbox', 'inboxes', viewer),
    audience: audienceOf(viewer),
    includes: (row) => !hidden.has(row.id),
  };
}

export function labelsView(viewer: Viewer): View<'label'> {
  return { ...all('label', 'labels', viewer), includes: () => true };
}

export function cannedRepliesView(viewer: Viewer): View<'canned_reply'> {
  return { ...all('canned_reply', 'canned_replies', viewer), includes: () => true };
}

/** Templates of the inboxes that the viewer sees, newest first. */
export function templatesView(viewer: Viewer): View<'template'> {
  const hidden = new Set(viewer.hidden);
  return {
    ...all('template', 'templates', viewer),
    audience: audienceOf(viewer),
    includes: (row) => !hidden.has(row.inbox_id),
  };
}

/** Everybody who ever wrote, newest first. */
export function contactsView(viewer: Viewer): View<'contact'> {
  return { ...all('contact', 'contacts', viewer), includes: () => true };
}

export function contactView(id: string, viewer: Viewer): View<'contact'> {
  return {
    ...all('contact', `contact:${id}`, viewer),
    only: id,
    includes: (row) => row.id === id,
  };
}

function all<Kind extends EntityKind>(kind: Kind, channel: string, viewer: Viewer) {
  return { ...drawn(channel, viewer), kind, audience: '' } as const;
}
