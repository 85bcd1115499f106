import type { MessageRow } from '../entities/message.ts';
import { Failure } from '../failures.ts';
import { audienceByRole, audienceOf, drawn, type View, type Viewer } from './view.ts';

/** The mailboxes of one mail inbox. */
export function mailboxesView(inboxId: string, viewer: Viewer): View<'mailbox'> {
  const isHidden = viewer.hidden.includes(inboxId);
  return {
    ...drawn(`mailboxes:${inboxId}`, viewer),
    kind: 'mailbox',
    audience: audienceOf(viewer),
    includes: (row) => row.inbox_id === inboxId && !isHidden,
  };
}

/** The messages of one mailbox, newest first. */
export function mailboxView(mailboxId: string, viewer: Viewer): View<'message'> {
  const hidden = new Set(viewer.hidden);
  return {
    ...drawn(`messages:${mailboxId}`, viewer),
    kind: 'message',
    audience: audienceOf(viewer),
    includes: (row) => row.mail?.mailbox_id === mailboxId && !hidden.has(row.inbox_id as string),
  };
}

/** The filters of one inbox, those asked first last. */
export function filtersView(inboxId: string, viewer: Viewer): View<'rule'> {
  const isHidden = viewer.hidden.includes(inboxId);
  return {
    ...drawn(`filters:${inboxId}`, viewer),
    kind: 'rule',
    audience: audienceOf(viewer),
    includes: (row) => row.inbox_id === inboxId && !isHidden,
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
    ...drawn('policies', viewer),
    kind: 'policy',
    audience: audienceByRole(viewer),
    includes: () => viewer.admin === true,
  };
}

/** The rules of one domain's policy, those asked first last. For owners and admins. */
export function policyRulesView(domain: string, viewer: Viewer): View<'rule'> {
  assertAdmin(viewer);
  return {
    ...drawn(`policy-rules:${domain}`, viewer),
    kind: 'rule',
    audience: audienceByRole(viewer),
    includes: (row) => row.domain === domain && viewer.admin === true,
  };
}

/** Mail that is kept from people, newest first. For owners and admins. */
export function quarantineView(viewer: Viewer): View<'message'> {
  assertAdmin(viewer);
  return {
    ...drawn('quarantine', viewer),
    kind: 'message',
    audience: audienceByRole(viewer),
    includes: (row: MessageRow) => row.mail?.decision === 'QUARANTINE' && viewer.admin === true,
  };
}

/** Long work: one's own, and for owners and admins everybody's. */
export function jobsView(viewer: Viewer): View<'job'> {
  return {
    ...drawn('jobs', viewer),
    kind: 'job',
    audience: audienceByRole(viewer),
    includes: (row) => viewer.admin === true || row.user_id === viewer.user_id,
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
    ...drawn(channel, viewer),
    kind,
    audience: audienceOf(viewer),
    only: inboxId,
    includes: (row) => row.id === inboxId && !isHidden,
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
