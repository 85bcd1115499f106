import type { MessageRow } from '../entities/message.ts';
import { Failure } from '../failures.ts';
import { audienceByRole, audienceOf, type View, type Viewer } from './view.ts';

/** The mailboxes of one mail inbox. */
export function mailboxesView(inboxId: string, viewer: Viewer): View<'mailbox'> {
  const isHidden = viewer.hidden.includes(inboxId);
  return {
    kind: 'mailbox',
    channel: `mailboxes:${inboxId}`,
    key: `mailboxes:${inboxId}`,
    audience: audienceOf(viewer),
    includes: (row) => row.inbox_id === inboxId && !isHidden,
    sortKey: (row) => row.id,
  };
}

/** The messages of one mailbox, newest first. */
export function mailboxView(mailboxId: string, viewer: Viewer): View<'message'> {
  const hidden = new Set(viewer.hidden);
  return {
    kind: 'message',
    channel: `messages:${mailboxId}`,
    key: `messages:${mailboxId}`,
    audience: audienceOf(viewer),
    includes: (row) => row.mail?.mailbox_id === mailboxId && !hidden.has(row.inbox_id as string),
    sortKey: (row) => row.id,
  };
}

/** The filters of one inbox, those asked first last. */
export function filtersView(inboxId: string, viewer: Viewer): View<'rule'> {
  const isHidden = viewer.hidden.includes(inboxId);
  return {
    kind: 'rule',
    channel: `filters:${inboxId}`,
    key: `filters:${inboxId}`,
    audience: audienceOf(viewer),
    includes: (row) => row.inbox_id === inboxId && !isHidden,
    sortKey: (row) => row.id,
  };
}

export function autoReplyView(inboxId: string, viewer: Viewer): View<'auto_reply'> {
  return ofInbox('auto_reply', `autoreply:${inboxId}`, inboxId, viewer);
}

export function settingsView(inboxId: string, viewer: Viewer): View<'inbox_settings'> {
  return ofInbox('inbox_settings', `settings:${inboxId}`, inboxId, viewer);
}

/** What every domain takes, and the rules of one. For owners and admins. */
export function policiesView(viewer: Viewer): View<'policy'> {
  assertAdmin(viewer);
  return {
    kind: 'policy',
    channel: 'policies',
    key: 'policies',
    audience: audienceByRole(viewer),
    includes: () => viewer.admin === true,
    sortKey: (row) => row.id,
  };
}

/** The rules of one domain's policy, those asked first last. For owners and admins. */
export function policyRulesView(domain: string, viewer: Viewer): View<'rule'> {
  assertAdmin(viewer);
  return {
    kind: 'rule',
    channel: `policy-rules:${domain}`,
    key: `policy-rules:${domain}`,
    audience: audienceByRole(viewer),
    includes: (row) => row.domain === domain && viewer.admin === true,
    sortKey: (row) => row.id,
  };
}

/** Mail that is kept from people, newest first. For owners and admins. */
export function quarantineView(viewer: Viewer): View<'message'> {
  assertAdmin(viewer);
  return {
    kind: 'message',
    channel: 'quarantine',
    key: 'quarantine',
    audience: audienceByRole(viewer),
    includes: (row: MessageRow) => row.mail?.decision === 'QUARANTINE' && viewer.admin === true,
    sortKey: (row) => row.id,
  };
}

/** Long work: one's own, and for owners and admins everybody's. */
export function jobsView(viewer: Viewer): View<'job'> {
  return {
    kind: 'job',
    channel: 'jobs',
    key: `jobs:${viewer.user_id}`,
    audience: audienceByRole(viewer),
    includes: (row) => viewer.admin === true || row.user_id === viewer.user_id,
    sortKey: (row) => row.id,
  };
}

function ofInbox<Kind extends 'auto_reply' | 'inbox_settings'>(
  kind: Kind,
  channel: string,
  inboxId: string,
  viewer: Viewer,
): View<Kind> {
  const isHidden = viewer.hidden.includes(inboxId);
  return {
    kind,
    channel,
    key: channel,
    audience: audienceOf(viewer),
    only: inboxId,
    includes: (row) => row.id === inboxId && !isHidden,
    sortKey: (row) => row.id,
  };
}

/**
 * A client that does not know yet who looks leaves the answer to the server.
 *
 * @throws access.forbidden
 */
function assertAdmin({ admin }: Viewer): void {
  if (admin === false) throw new Failure('access.forbidden', 'Only owners and admins see this.');
}
