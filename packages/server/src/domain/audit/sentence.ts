import type { AuditDetail } from '../../commands/index.ts';

/** Names of people and inboxes by id. */
export type Names = ReadonlyMap<string, string>;

export interface Audited {
  readonly actor: string;
  readonly user_id: string | null;
  readonly command: string;
  readonly subjects: readonly (readonly [kind: string, id: string])[];
  readonly detail: AuditDetail;
}

interface Told {
  /** The person it was done to, by name. */
  readonly whom: string;
  /** The inbox or other thing it was done to. */
  readonly what: string;
  readonly detail: Readonly<Record<string, string>>;
}

/** What each audited command did, to stand after who did it. A test asks that none is missing. */
export const deeds: Readonly<Record<string, (told: Told) => string>> = {
  'organisation.found': ({ whom }) => `founded the organisation, with ${whom} as its owner`,
  'member.add': ({ whom, detail }) => `added ${whom} as ${detail.role}`,
  'member.change_role': ({ whom, detail }) => `made ${whom}, who was ${detail.was}, ${detail.role}`,
  'member.deactivate': ({ whom }) => `deactivated ${whom}`,
  'member.reactivate': ({ whom }) => `reactivated ${whom}`,
  'member.remove': ({ whom }) => `removed ${whom}`,
  'member.set_password': ({ whom }) => `set the password of ${whom}`,
  'member.invite': ({ detail }) => `invited ${detail.email} as ${detail.role}`,
  'invitation.revoke': ({ detail }) => `took back the invitation of ${detail.email}`,
  'invitation.accept': ({ whom, detail }) => `let in ${whom}, who accepted an invitation as ${detail.role}`,
  'sign_in_link.create': ({ whom }) => `made a sign-in link for ${whom}`,
  'session.end_replayed': ({ whom, detail }) =>
    `ended a session of ${whom}: one of its earlier keys was used again, from ${detail.ip}`,
  'api_token.create': ({ whom, detail }) =>
    `made the API token “${detail.name}” for ${whom}, which may ${detail.scopes}`,
  'api_token.revoke': ({ whom, detail }) => `revoked the API token “${detail.name}” of ${whom}`,
  'api_token.revoke_any': ({ whom, detail }) => `revoked the API token “${detail.name}” of ${whom}`,
  'host.trust': ({ detail }) =>
    detail.issuer
      ? `trusts tokens of ${detail.issuer} for ${detail.audience}, up to ${detail.role_max}`
      : 'trusts no host application any more',
  'host.enter': ({ whom, detail }) =>
    detail.did === 'changed'
      ? `followed the host application: ${whom} is ${detail.role}`
      : `let in ${whom} as ${detail.role}, whom the host application vouches for`,
  'webhook.add': ({ detail }) => `added the webhook “${detail.name}” to ${detail.host}`,
  'webhook.update': ({ detail }) => `changed the webhook “${detail.name}” to ${detail.host}`,
  'webhook.rotate': ({ detail }) => `made a new secret for the webhook “${detail.name}”`,
  'webhook.remove': ({ detail }) => `removed the webhook “${detail.name}”`,
  'inbox.keep_mail': ({ what }) => `keeps an inbox for ${what}`,
  'inbox.create': ({ what }) => `made the inbox ${what}`,
  'inbox.update': ({ what }) => `changed the inbox ${what}`,
  'settings.update': ({ what }) => `changed how long ${what} keeps mail`,
  'auto_reply.set': ({ what, detail }) =>
    `switched ${detail.enabled === 'true' ? 'on' : 'off'} what ${what} answers by itself`,
  'mailbox.remove': ({ what }) => `deleted ${what}`,
  'quarantine.release': ({ what }) => `let ${what} out of quarantine`,
  'quarantine.add': ({ what }) => `put ${what} into quarantine`,
  'quarantine.delete': ({ what }) => `deleted ${what} from quarantine`,
  'policy.keep': ({ detail }) => `changed what ${detail.domain} takes`,
  'label.remove': ({ what }) => `removed ${what}`,
  'export.begin': ({ what }) => `began an export of mail (${what})`,
  'retention.keep': ({ detail }) =>
    `keeps mail for ${daysOf(detail.mail_days)}, and quarantined mail for ${daysOf(detail.quarantine_days)}`,
  'message.remove': ({ what }) => `removed ${what}`,
};

/** One sentence for people, such as “Ann made Bob, who was agent, admin.” */
export function sentenceOf(row: Audited, names: Names): string {
  const { command, detail } = row;
  const deed = deeds[command];
  const what = row.subjects.map(([kind, id]) => names.get(id) ?? `${kind} ${id}`).join(', ');
  const did = deed?.({ whom: whomOf(row, names), what, detail: inWords(detail) });
  return `${whoOf(row, names)} ${did ?? `ran “${command}”${what ? ` on ${what}` : ''}`}.`;
}

function daysOf(days: string | undefined): string {
  return days === undefined || days === '' ? 'ever' : `${days} days`;
}

function whoOf({ actor, user_id }: Audited, names: Names): string {
  if (user_id === null) return actor === 'system:cli' ? 'The command line' : 'The server';
  const name = names.get(user_id) ?? 'Somebody';
  return actor.startsWith('token:') ? `${name}, by an API token,` : name;
}

function whomOf({ user_id, subjects, detail }: Audited, names: Names): string {
  const id =
    typeof detail.user_id === 'string' ? detail.user_id : subjects.find(([kind]) => kind === 'member')?.[1];
  if (id === undefined) return 'somebody';
  return id === user_id ? 'themselves' : (names.get(id) ?? 'somebody who is no longer known');
}

function inWords(detail: AuditDetail): Record<string, string> {
  const words = Object.entries(detail).map(([key, value]) => [
    key,
    value === null ? '' : Array.isArray(value) ? value.join(', ') : String(value),
  ]);
  return Object.fromEntries(words);
}
