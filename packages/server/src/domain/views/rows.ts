import {
  Failure,
  type LabelRow,
  type MessageRow,
  type ReadRow,
  type TemplateRow,
  type View,
  viewOfChannel,
} from '@roost/protocol';
import { z } from 'zod';
import { defineQuery, EVERY_ROLE, type QueryContext } from '../../commands/index.ts';
import type { Tx } from '../../store/database.ts';
import { hiddenFrom, readAccess } from '../access/hidden.ts';
import { autoReplyOf } from '../auto-reply/index.ts';
import { readRowOf } from '../conversations/read.ts';
import { visibleConversation } from '../conversations/visible.ts';
import { knownInbox } from '../inboxes/inbox.ts';
import { inboxesOf } from '../inboxes/queries.ts';
import { knownMailbox, mailboxesOf } from '../mailboxes/mailbox.ts';
import { knownMember, memberOf, meOf, readMember, type StoredMember } from '../members/member.ts';
import { settingsOf } from '../settings/index.ts';
import { conversationsPage, directPage } from './conversations-page.ts';
import { inboxPage } from './inbox-page.ts';
import { idPage, type Page } from './page.ts';
import { type UnreadState, unreadPage } from './unread-page.ts';

/** Rows of a view as of `offset`, in the view's order, each as JSON text: ready to be joined into a frame. */
export interface ViewPage {
  readonly epoch: string;
  readonly offset: number;
  readonly rows: readonly string[];
  /** Sort key of the last row when more lie below it, else null. */
  readonly next: string | null;
  /** Offset since which the reader may see what they saw then. */
  readonly access_version: number;
  /** For the view of what is unread: all of it, of which the rows are the top. */
  readonly unread?: UnreadState;
}

/**
 * What a channel shows to whoever asks: its top, or what lies below `before`.
 *
 * @throws channel.unknown, filter.invalid, conversation.unknown, message.unknown
 */
export const readView = defineQuery({
  name: 'view.rows',
  input: z.object({
    channel: z.string(),
    params: z.record(z.string(), z.unknown()),
    user_id: z.string(),
    before: z.string().nullable(),
    limit: z.int().min(1),
  }),
  may: { roles: EVERY_ROLE, scope: 'read' },
  async run(context, { channel, params, user_id, before, limit }): Promise<ViewPage> {
    const { tx, org, actor } = context;
    const head = await tx.get<{ epoch: string; offset: number }>(
      'select epoch, "offset" from head where org = ?',
      org,
    );
    const at = head ?? { epoch: 'e0', offset: 0 };
    const access = await readAccess(tx, org, user_id);
    const hidden = actor.kind === 'system' ? access.hidden : await hiddenFrom(tx, org, actor);
    const view = viewOfChannel(channel, params, { user_id, hidden, admin: access.admin });
    const asked: Asked = { context, view, params, user_id, hidden, admin: access.admin, before, limit };
    const page = await pageOf(asked);
    return { ...at, access_version: access.version, ...page };
  },
});

interface Asked {
  readonly context: QueryContext;
  readonly view: View;
  readonly params: Readonly<Record<string, unknown>>;
  readonly user_id: string;
  readonly hidden: readonly string[];
  readonly admin: boolean;
  readonly before: string | null;
  readonly limit: number;
}

type Read = (asked: Asked, subject: string) => Promise<Page & { unread?: UnreadState }>;

const reads: Readonly<Record<string, Read>> = {
  inbox: ({ context: { tx, org }, params, hidden, before, limit }) =>
    inboxPage(tx, org, { filter: textOf(params.filter), hidden }, before, limit),
  me: async (asked) =>
    one(asked, meRow(await readMember(asked.context.tx, asked.context.org, asked.user_id))),
  message: async (asked, id) => one(asked, await openMessage(asked, id)),
  conversations: (asked) =>
    conversationsPage(asked.context.tx, asked.context.org, asked, asked.before, asked.limit),
  conversation: async (asked, id) => one(asked, await seen(asked, id)),
  thread: async (asked, id) => {
    await seen(asked, id);
    return idPage(asked.context, 'message', { conversation_id: id }, asked.before, asked.limit);
  },
  reads: async (asked, id) => {
    await seen(asked, id);
    return all(asked, await readsOf(asked.context.tx, asked.context.org, id));
  },
  direct: ({ context: { tx, org }, user_id, before, limit }) => directPage(tx, org, user_id, before, limit),
  unread: ({ context: { tx, org }, user_id, hidden, before }) => unreadPage(tx, org, user_id, hidden, before),
  contacts: (asked) => idPage(asked.context, 'contact', {}, asked.before, asked.limit),
  contact: (asked, id) => idPage(asked.context, 'contact', { id }, asked.before, asked.limit),
  labels: async (asked) => all(asked, await labelsOf(asked.context)),
  canned_replies: (asked) => idPage(asked.context, 'canned_reply', {}, asked.before, asked.limit),
  inboxes: async (asked) => {
    const { tx, org } = asked.context;
    return all(
      asked,
      (await inboxesOf(tx, org)).filter(({ id }) => !asked.hidden.includes(id)),
    );
  },
  templates: async (asked) => {
    const { tx, org } = asked.context;
    const found = await tx.all<{ row: string }>('select "row" from template where org = ?', org);
    const rows = found.map(({ row }) => JSON.parse(row) as TemplateRow);
    return all(
      asked,
      rows.filter(({ inbox_id }) => !asked.hidden.includes(inbox_id)),
    );
  },
  mailboxes: async (asked, inboxId) => {
    const { tx, org } = asked.context;
    return all(asked, asked.hidden.includes(inboxId) ? [] : await mailboxesOf(tx, org, inboxId));
  },
  messages: async (asked, mailboxId) => {
    const { inbox_id } = await knownMailbox(asked.context.tx, asked.context.org, mailboxId);
    if (asked.hidden.includes(inbox_id)) throw new Failure('mailbox.unknown');
    return idPage(asked.context, 'message', { mailbox_id: mailboxId }, asked.before, asked.limit);
  },
  quarantine: (asked) =>
    idPage(asked.context, 'message', { decision: 'QUARANTINE' }, asked.before, asked.limit),
  filters: async (asked, inboxId) =>
    idPage(asked.context, 'rule', { inbox_id: unhidden(asked, inboxId) }, asked.before, asked.limit),
  settings: async (asked, inboxId) => {
    const { tx, org } = asked.context;
    return one(asked, await settingsOf(tx, org, await mailInbox(asked, inboxId)));
  },
  autoreply: async (asked, inboxId) => {
    const { tx, org } = asked.context;
    return one(asked, await autoReplyOf(tx, org, await mailInbox(asked, inboxId)));
  },
  policies: (asked) => idPage(asked.context, 'policy', {}, asked.before, asked.limit),
  'policy-rules': (asked, domain) => idPage(asked.context, 'rule', { domain }, asked.before, asked.limit),
  jobs: (asked) =>
    idPage(asked.context, 'job', asked.admin ? {} : { user_id: asked.user_id }, asked.before, asked.limit),
  members: async (asked) => {
    const { tx, org } = asked.context;
    const found = await tx.all<{ id: string }>('select id from member where org = ? order by id', org);
    return all(
      asked,
      await Promise.all(found.map(async ({ id }) => memberOf(await knownMember(tx, org, id)))),
    );
  },
};

function pageOf(asked: Asked): Promise<Page & { unread?: UnreadState }> {
  const { channel } = asked.view;
  const colon = channel.indexOf(':');
  const read = reads[colon === -1 ? channel : channel.slice(0, colon)];
  if (!read) throw new Failure('channel.unknown');
  return read(asked, channel.slice(colon + 1));
}

/** Whose inbox is kept from them finds as little as whose is empty. */
function unhidden({ hidden }: Asked, inboxId: string): string {
  return hidden.includes(inboxId) ? '' : inboxId;
}

/** @throws inbox.unknown */
async function mailInbox({ context: { tx, org }, hidden }: Asked, inboxId: string): Promise<string> {
  const { kind } = await knownInbox(tx, org, inboxId);
  if (kind !== 'mail' || hidden.includes(inboxId)) throw new Failure('inbox.unknown');
  return inboxId;
}

function one({ before }: Asked, row: object | undefined): Page {
  return { rows: row && before === null ? [JSON.stringify(row)] : [], next: null };
}

/** Rows that are few, in the view's order. */
function all({ view, before, limit }: Asked, rows: readonly { readonly id: string }[]): Page {
  const keyOf = view.sortKey as (row: object) => string;
  const below = rows
    .map((row) => ({ row, key: keyOf(row) }))
    .filter(({ key }) => before === null || key < before)
    .sort((a, b) => (a.key < b.key ? 1 : -1));
  const shown = below.slice(0, limit);
  return {
    rows: shown.map(({ row }) => JSON.stringify(row)),
    next: below.length > limit ? (shown.at(-1)?.key ?? null) : null,
  };
}

function meRow(member: StoredMember | undefined) {
  return member && meOf(member);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Their ids are words of any script, which not every store puts in the order of a view. */
async function labelsOf({ tx, org }: QueryContext): Promise<LabelRow[]> {
  const found = await tx.all<{ row: string }>('select "row" from label where org = ?', org);
  return found.map(({ row }) => JSON.parse(row));
}

/** @throws conversation.unknown */
function seen({ context: { tx, org, actor }, user_id }: Asked, id: string) {
  const who = actor.kind === 'system' ? ({ kind: 'member', user_id, session_id: '' } as const) : actor;
  return visibleConversation(tx, org, who, id);
}

async function readsOf(tx: Tx, org: string, conversationId: string): Promise<ReadRow[]> {
  const found = await tx.all<Omit<ReadRow, 'id' | 'conversation_id'>>(
    'select user_id, version, "offset", unread, first_unread from read_cursor where org = ? and conversation_id = ?',
    org,
    conversationId,
  );
  return found.map((cursor) => readRowOf(conversationId, cursor));
}

async function openMessage(asked: Asked, id: string): Promise<object | undefined> {
  const { tx, org } = asked.context;
  const message = await tx.get<{ row: string; content: string }>(
    'select "row", content from message where org = ? and id = ?',
    org,
    id,
  );
  if (!message) return undefined;
  const row = JSON.parse(message.row) as MessageRow;
  if (row.inbox_id === null || asked.hidden.includes(row.inbox_id)) return undefined;
  if (row.mail?.decision === 'QUARANTINE' && !asked.admin) return undefined;
  const { blobs: _, ...content } = JSON.parse(message.content);
  return { ...row, content };
}
