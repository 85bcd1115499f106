import type { Scope } from '../../commands/index.ts';
import { signatureOf } from '../../ingest/whatsapp/signature.ts';
import { type Person, PICTURE, type Place, word } from './place.ts';

/** What a request to a route holds besides its method and path. */
export interface Request {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Roles that may; `anyone` without a token, `holder` whoever sends the cookie or the token that the route has of its own. */
export type Who = 'anyone' | 'holder' | 'members' | 'agents' | 'admins';

/**
 * What somebody gets who asks about what they must not see: `unknown` as if there were no such thing; `own` because
 * the route is about no thing in particular and tells them of their own.
 */
export type Foreign = 'unknown' | 'own';

export interface Entry {
  readonly who: Who;
  /** The scope an API token needs; null where tokens may not at all. */
  readonly scope: Scope | null;
  /** What a member of another organisation gets who asks about a thing of ours. */
  readonly elsewhere: Foreign;
  /** What an agent gets who asks about a thing in an inbox that is kept from them; left out where no inbox matters. */
  readonly hidden?: 'unknown';
  /** A request that does what the route is for, made anew for whoever asks. */
  ask(place: Place, asker: Person): Request | Promise<Request>;
}

const SECRET = 'a perfectly fine password';
const nothing = () => ({});
const mail = { 'content-type': 'message/rfc822' };

/** Something everybody in an organisation reads, of their own. */
const reads: Entry = { who: 'members', scope: 'read', elsewhere: 'own', ask: nothing };
/** A thing in an inbox, that everybody reads who sees the inbox. */
const readsOne = { who: 'members', scope: 'read', elsewhere: 'unknown', hidden: 'unknown' } as const;
const works = { who: 'agents', scope: 'write', elsewhere: 'unknown' } as const;
const worksOnOne = { ...works, hidden: 'unknown' } as const;
const makes = { who: 'agents', scope: 'write', elsewhere: 'own' } as const;
const administers = { who: 'admins', scope: 'admin', elsewhere: 'unknown' } as const;
const administersOwn = { who: 'admins', scope: 'admin', elsewhere: 'own' } as const;
/** What a person does with what is theirs, which no API token may. */
const mine = { who: 'members', scope: null, elsewhere: 'own' } as const;
const open: Entry = { who: 'anyone', scope: null, elsewhere: 'own', ask: nothing };

/** Reading what only owners and admins see. */
const oversees: Entry = { who: 'admins', scope: 'read', elsewhere: 'own', ask: nothing };
/** What a domain takes is for them to say. */
const decides = { who: 'admins', scope: 'write', elsewhere: 'own' } as const;
const ofInbox = ({ inboxId }: Place) => ({ params: { id: inboxId } });
const ofDomain = () => ({ params: { id: `${word()}.example` } });
const rule = { name: 'One', actions: [{ type: 'flag' }] };
const ofMessage = async (place: Place) => ({ params: { id: await place.message() } });
const ofWebhook = async (place: Place) => ({ params: { id: await place.webhook() } });
const ofJob = async (place: Place, asker: Person) => ({ params: { id: await place.job(asker) } });
const ofConversation = async (place: Place) => ({ params: { id: (await place.conversation()).id } });
const ofAnswer = async (place: Place) => ({ params: { id: await place.uncertainAnswer() } });
const byVisitor = async (place: Place, { token }: Person): Promise<Request> =>
  token === '' ? {} : { headers: { authorization: `Bearer ${await place.visitor()}` } };
const byCookie = (_place: Place, { cookie }: Person): Request =>
  cookie === null ? {} : { headers: { cookie } };

/** Every route, with who may. A route that is not here fails the tests, and so does an entry without a route. */
export const routeTable: Readonly<Record<string, Entry>> = {
  'POST /api/v1/sessions': { ...open, ask: async (place) => ({ body: { link: await place.link() } }) },
  'POST /api/v1/sessions/refresh': { ...open, who: 'holder', ask: byCookie },
  'POST /api/v1/sessions/switch': { ...mine, ask: (_place, { org }) => ({ body: { org_id: org } }) },
  'DELETE /api/v1/sessions': { ...open, who: 'holder', ask: byCookie },

  'GET /api/v1/me': reads,
  'POST /api/v1/me/read': { ...reads, ask: () => ({ body: { up_to: 0 } }) },
  'POST /api/v1/me/password': { ...mine, ask: () => ({ body: { password: SECRET } }) },
  'GET /api/v1/me/organisations': { ...mine, ask: nothing },
  'GET /api/v1/me/sessions': { ...mine, ask: nothing },
  'DELETE /api/v1/me/sessions/:id': {
    ...mine,
    elsewhere: 'unknown',
    ask: async (place, asker) => ({ params: { id: await place.sessionIdOf(asker) } }),
  },
  'DELETE /api/v1/me/sessions': { ...mine, ask: nothing },
  'GET /api/v1/me/tokens': { ...mine, ask: nothing },
  'POST /api/v1/me/tokens': { ...mine, ask: () => ({ body: { name: 'one', scopes: ['read'] } }) },
  'DELETE /api/v1/me/tokens/:id': {
    ...mine,
    elsewhere: 'unknown',
    ask: async (place, asker) => ({ params: { id: await place.tokenIdOf(asker) } }),
  },

  'GET /api/v1/tokens': { ...administersOwn, ask: nothing },
  'DELETE /api/v1/tokens/:id': {
    ...administers,
    ask: async (place, asker) => ({ params: { id: await place.tokenIdOf(asker) } }),
  },
  'GET /api/v1/members': reads,
  'POST /api/v1/members': {
    ...administersOwn,
    ask: () => ({ body: { email: `${word()}@roost.test`, role: 'agent' } }),
  },
  'PATCH /api/v1/members/:id': {
    ...administers,
    ask: async (place) => ({ params: { id: await place.userId() }, body: { role: 'viewer' } }),
  },
  'DELETE /api/v1/members/:id': {
    ...administers,
    ask: async (place) => ({ params: { id: await place.userId() } }),
  },
  'GET /api/v1/invitations': { ...administersOwn, ask: nothing },
  'POST /api/v1/invitations': {
    ...administersOwn,
    ask: () => ({ body: { email: `${word()}@roost.test`, role: 'agent' } }),
  },
  'DELETE /api/v1/invitations/:id': {
    ...administers,
    ask: async (place) => ({ params: { id: (await place.invitation()).id } }),
  },
  'POST /api/v1/invitations/open': {
    ...open,
    ask: async (place) => ({ body: { invitation: (await place.invitation()).secret } }),
  },
  'POST /api/v1/invitations/accept': {
    ...open,
    ask: async (place) => ({ body: { invitation: (await place.invitation()).secret, password: SECRET } }),
  },
  'GET /api/v1/audit': { ...administersOwn, ask: nothing },

  'GET /api/v1/inbox': reads,
  'GET /api/v1/messages/:id': { ...readsOne, ask: ofMessage },
  'GET /api/v1/messages/:id/source': { ...readsOne, ask: ofMessage },
  'GET /api/v1/messages/:id/attachments/:index': {
    ...readsOne,
    ask: async (place) => ({ params: { id: await place.message(), index: '0' } }),
  },
  'GET /api/v1/messages/:id/remote-content': {
    ...readsOne,
    ask: async (place) => ({
      params: { id: await place.message() },
      query: `url=${encodeURIComponent(PICTURE)}`,
    }),
  },
  'POST /api/v1/messages/:id/send-again': { ...worksOnOne, ask: ofAnswer },
  'POST /api/v1/messages/:id/mark-sent': { ...worksOnOne, ask: ofAnswer },
  'POST /api/v1/messages/:id/cancel': { ...worksOnOne, ask: ofAnswer },
  'DELETE /api/v1/messages/:id': { ...worksOnOne, scope: 'admin', ask: ofMessage },
  'PATCH /api/v1/messages/:id': {
    ...worksOnOne,
    ask: async (place) => ({ ...(await ofMessage(place)), body: { seen: true } }),
  },
  'POST /api/v1/messages/change': {
    ...worksOnOne,
    ask: async (place) => ({ body: { message_ids: [await place.message()], change: { flagged: true } } }),
  },
  'POST /api/v1/messages/delete': {
    ...worksOnOne,
    scope: 'admin',
    ask: async (place) => ({ body: { message_ids: [await place.message()] } }),
  },
  'GET /api/v1/inboxes/:id/mailboxes': { ...readsOne, ask: ofInbox },
  'POST /api/v1/inboxes/:id/mailboxes': {
    ...worksOnOne,
    ask: (place) => ({ ...ofInbox(place), body: { path: word() } }),
  },
  'PATCH /api/v1/mailboxes/:id': {
    ...worksOnOne,
    ask: async (place) => ({ params: { id: (await place.mailbox()).mailbox }, body: { path: word() } }),
  },
  'DELETE /api/v1/mailboxes/:id': {
    ...worksOnOne,
    ask: async (place) => ({ params: { id: await place.emptyMailbox() } }),
  },
  'GET /api/v1/mailboxes/:id/messages': {
    ...readsOne,
    ask: async (place) => ({ params: { id: (await place.mailbox()).mailbox } }),
  },
  'POST /api/v1/mailboxes/:id/messages/change': {
    ...worksOnOne,
    ask: async (place) => ({
      params: { id: (await place.mailbox()).mailbox },
      body: { change: { seen: true } },
    }),
  },

  'GET /api/v1/inboxes/:id/settings': { ...readsOne, ask: ofInbox },
  'PATCH /api/v1/inboxes/:id/settings': {
    ...worksOnOne,
    ask: (place) => ({ ...ofInbox(place), body: { signature: 'Ann' } }),
  },
  'GET /api/v1/inboxes/:id/auto-reply': { ...readsOne, ask: ofInbox },
  'PATCH /api/v1/inboxes/:id/auto-reply': {
    ...worksOnOne,
    ask: (place) => ({ ...ofInbox(place), body: { text: 'We are away.' } }),
  },
  'GET /api/v1/inboxes/:id/filters': { ...readsOne, ask: ofInbox },
  'POST /api/v1/inboxes/:id/filters': { ...worksOnOne, ask: (place) => ({ ...ofInbox(place), body: rule }) },
  'POST /api/v1/inboxes/:id/filters/order': {
    ...worksOnOne,
    ask: async (place) => ({ ...ofInbox(place), body: { rule_ids: await place.filters() } }),
  },
  'POST /api/v1/inboxes/:id/filters/dry-run': {
    ...worksOnOne,
    ask: (place) => ({ ...ofInbox(place), body: { rule, limit: 1 } }),
  },
  'PATCH /api/v1/rules/:id': {
    ...worksOnOne,
    ask: async (place) => ({ params: { id: await place.filter() }, body: { enabled: false } }),
  },
  'DELETE /api/v1/rules/:id': {
    ...worksOnOne,
    ask: async (place) => ({ params: { id: await place.filter() } }),
  },
  'POST /api/v1/rules/test': {
    ...worksOnOne,
    ask: async (place) => ({
      body: { rule: { pattern: 'x' }, sample: { message_id: await place.message() } },
    }),
  },
  'GET /api/v1/policies': oversees,
  'PUT /api/v1/policies/:id': { ...administersOwn, ask: () => ({ ...ofDomain(), body: { mode: 'OPEN' } }) },
  'GET /api/v1/policies/:id/rules': { ...oversees, ask: ofDomain },
  'POST /api/v1/policies/:id/rules': { ...decides, ask: () => ({ ...ofDomain(), body: rule }) },
  'POST /api/v1/policies/:id/rules/order': {
    ...decides,
    ask: () => ({ ...ofDomain(), body: { rule_ids: [] } }),
  },
  'POST /api/v1/policies/:id/rules/dry-run': { ...decides, ask: () => ({ ...ofDomain(), body: { rule } }) },

  'GET /api/v1/quarantine': oversees,
  'GET /api/v1/quarantine/search': oversees,
  'GET /api/v1/dropped': oversees,
  'GET /api/v1/ingest-attempts': { ...administersOwn, ask: nothing },
  'GET /api/v1/delivery-health': { ...administersOwn, ask: nothing },
  'POST /api/v1/quarantine/release': {
    ...administers,
    ask: async (place) => ({ body: { message_ids: [await place.quarantined()] } }),
  },
  'POST /api/v1/quarantine/delete': {
    ...administers,
    ask: async (place) => ({ body: { message_ids: [await place.quarantined()] } }),
  },
  'POST /api/v1/quarantine/add': {
    ...administers,
    ask: async (place) => ({ body: { message_ids: [await place.plainMail()] } }),
  },
  'POST /api/v1/quarantine/rules': {
    ...administers,
    ask: async (place) => ({
      body: { message_ids: [await place.quarantined()], by: 'subject', action: 'ALLOW' },
    }),
  },
  'POST /api/v1/ingest/messages': {
    who: 'agents',
    scope: 'ingest',
    elsewhere: 'unknown',
    ask: ({ address }) => ({ body: { to: address, from: 'app@example.org' } }),
  },
  'POST /api/v1/ingest/mail': {
    who: 'agents',
    scope: 'ingest',
    elsewhere: 'unknown',
    ask: ({ address }) => ({ query: `to=${address}`, body: 'Subject: x\r\n\r\n', headers: mail }),
  },

  'GET /api/v1/conversations': reads,
  'GET /api/v1/unread': reads,
  'GET /api/v1/direct': reads,
  'GET /api/v1/conversations/:id': { ...readsOne, ask: ofConversation },
  'GET /api/v1/conversations/:id/messages': { ...readsOne, ask: ofConversation },
  'GET /api/v1/conversations/:id/reads': { ...readsOne, ask: ofConversation },
  'POST /api/v1/conversations': {
    ...worksOnOne,
    ask: async (place) => ({ body: { contact_id: await place.contact(), inbox_id: place.inboxId } }),
  },
  'POST /api/v1/direct': { ...works, ask: async (place) => ({ body: { user_ids: [await place.userId()] } }) },
  'POST /api/v1/conversations/:id/participants': {
    ...works,
    ask: async (place, asker) => ({
      params: { id: await place.direct(asker) },
      body: { add: [await place.userId()] },
    }),
  },
  'POST /api/v1/conversations/:id/messages': {
    ...worksOnOne,
    ask: async (place) => {
      const { id, answer_offset } = await place.conversation();
      return { params: { id }, body: { text: 'An answer.', based_on: answer_offset } };
    },
  },
  'PATCH /api/v1/conversations/:id': {
    ...worksOnOne,
    ask: async (place) => ({ ...(await ofConversation(place)), body: { status: 'closed' } }),
  },
  'POST /api/v1/conversations/change': {
    ...worksOnOne,
    ask: async (place) => ({
      body: { conversation_ids: [(await place.conversation()).id], change: { add_labels: ['one'] } },
    }),
  },
  'POST /api/v1/conversations/:id/read': {
    ...readsOne,
    ask: async (place) => ({ ...(await ofConversation(place)), body: { up_to: 0 } }),
  },
  'POST /api/v1/conversations/:id/unread': { ...readsOne, ask: ofConversation },
  'POST /api/v1/uploads': {
    ...makes,
    ask: () => ({ query: 'filename=a.txt', body: 'a file', headers: { 'content-type': 'text/plain' } }),
  },

  'GET /api/v1/jobs': reads,
  'GET /api/v1/jobs/:id': { ...reads, elsewhere: 'unknown', ask: ofJob },
  'GET /api/v1/jobs/:id/file': { ...reads, elsewhere: 'unknown', ask: ofJob },
  'POST /api/v1/jobs/:id/cancel': {
    who: 'members',
    scope: 'write',
    elsewhere: 'unknown',
    ask: ofJob,
  },
  'POST /api/v1/inboxes/:id/imports': {
    ...worksOnOne,
    ask: ({ inboxId }) => ({
      params: { id: inboxId },
      body: 'Subject: old\r\n\r\nMail.\r\n',
      headers: mail,
    }),
  },
  'POST /api/v1/exports': {
    who: 'members',
    scope: 'read',
    elsewhere: 'unknown',
    hidden: 'unknown',
    ask: ({ inboxId }) => ({ body: { format: 'mbox', selection: { inbox_id: inboxId } } }),
  },
  'GET /api/v1/retention': { ...administersOwn, ask: nothing },
  'PUT /api/v1/retention': {
    ...administersOwn,
    ask: () => ({ body: { mail_days: 400, quarantine_days: 30 } }),
  },

  'GET /api/v1/contacts': reads,
  'GET /api/v1/contacts/:id': {
    ...reads,
    elsewhere: 'unknown',
    ask: async (place) => ({ params: { id: await place.contact() } }),
  },
  'POST /api/v1/contacts': {
    ...makes,
    ask: () => ({ body: { name: 'Ann', emails: [`${word()}@x.example`] } }),
  },
  'PATCH /api/v1/contacts/:id': {
    ...works,
    ask: async (place) => ({ params: { id: await place.contact() }, body: { name: 'Ann Lee' } }),
  },
  'GET /api/v1/labels': reads,
  'GET /api/v1/templates': reads,
  'PUT /api/v1/labels/:id': {
    ...makes,
    ask: () => ({ params: { id: word() }, body: { color: '#ff0000' } }),
  },
  'DELETE /api/v1/labels/:id': {
    ...administers,
    ask: async (place) => ({ params: { id: await place.label() } }),
  },
  'GET /api/v1/canned-replies': reads,
  'POST /api/v1/canned-replies': {
    ...makes,
    ask: () => ({ body: { shortcut: word(), title: 'Hello', text: 'Hello!' } }),
  },
  'PATCH /api/v1/canned-replies/:id': {
    ...works,
    ask: async (place) => ({ params: { id: await place.cannedReply() }, body: { title: 'Good day' } }),
  },
  'DELETE /api/v1/canned-replies/:id': {
    ...works,
    ask: async (place) => ({ params: { id: await place.cannedReply() } }),
  },
  'GET /api/v1/search': { ...reads, ask: ({ marker }) => ({ query: `q=${marker}` }) },
  'GET /api/v1/webhooks': { ...administersOwn, ask: nothing },
  'POST /api/v1/webhooks': {
    ...administersOwn,
    ask: () => ({ body: { name: 'Books', url: 'https://books.example/hook' } }),
  },
  'GET /api/v1/webhooks/:id': { ...administers, ask: ofWebhook },
  'PATCH /api/v1/webhooks/:id': {
    ...administers,
    ask: async (place) => ({ ...(await ofWebhook(place)), body: { active: false } }),
  },
  'DELETE /api/v1/webhooks/:id': { ...administers, ask: ofWebhook },
  'POST /api/v1/webhooks/:id/secret': { ...administers, ask: ofWebhook },
  'GET /api/v1/webhooks/:id/deliveries': { ...administers, ask: ofWebhook },
  'POST /api/v1/webhooks/:id/deliveries/:delivery/redeliver': {
    ...administers,
    ask: async (place) => ({ params: await place.delivery() }),
  },
  'GET /api/v1/inboxes': reads,
  'POST /api/v1/inboxes': {
    ...administersOwn,
    ask: () => ({ body: { kind: 'mail', address: `${word()}@desk.example` } }),
  },
  'PATCH /api/v1/inboxes/:id': {
    ...administers,
    ask: ({ inboxId }) => ({ params: { id: inboxId }, body: { threads: true } }),
  },

  'POST /api/v1/inboxes/:id/visitors': {
    ...worksOnOne,
    ask: ({ apiInboxId }) => ({ params: { id: apiInboxId }, body: { external_id: word() } }),
  },
  'POST /api/v1/visitor/messages': {
    ...open,
    who: 'holder',
    ask: async (place, asker) => ({ ...(await byVisitor(place, asker)), body: { text: 'Hello?' } }),
  },
  'GET /api/v1/visitor/messages': { ...open, who: 'holder', ask: byVisitor },

  'GET /webhooks/whatsapp': {
    ...open,
    ask: async (place) => ({
      query: `hub.mode=subscribe&hub.verify_token=${await place.whatsappToken()}&hub.challenge=1`,
    }),
  },
  // Whoever knows the secret of the app may, and nobody else; see whatsapp.test.ts.
  'POST /webhooks/whatsapp': {
    ...open,
    ask: async (place) => {
      const body = '{"entry":[]}';
      const signature = signatureOf(Buffer.from(body), await place.whatsappToken());
      return { body, headers: { 'content-type': 'application/json', 'x-hub-signature-256': signature } };
    },
  },
  'POST /api/v1/inboxes/:id/templates/sync': {
    ...administers,
    ask: ({ inboxId }) => ({ params: { id: inboxId } }),
  },
  'GET /api/v1/whatsapp/leftovers': { ...administersOwn, ask: nothing },

  'GET /api/v1/server': open,
  'GET /metrics': open,
  'GET /healthz': open,
  'GET /readyz': open,
  'GET /api/v1/openapi.json': open,
  'GET /api/v1/asyncapi.json': open,
  'GET /api/docs': open,
};
