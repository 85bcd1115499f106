import { sql } from 'kysely';
import { forDialect } from './for-dialect.ts';
import type { Step } from './step.ts';

const statements = [
  `alter table inbox add column name text not null default ''`,
  `alter table inbox add column access text not null default 'everyone'`,
  `alter table inbox add column member_ids text not null default '[]'`,
  `alter table inbox add column threads bigint not null default 0`,
  `alter table inbox add column phone text`,
  // What the channel needs and nobody reads on a screen: keys, secrets.
  `alter table inbox add column settings text not null default '{}'`,
  `alter table member add column read_version bigint not null default 0`,
  `alter table member add column active bigint not null default 1`,
  `alter table member add column hidden text not null default '[]'`,
  `alter table member add column access_version bigint not null default 0`,
  `create table contact (org text not null, id text not null, version bigint not null, "row" text not null,
     primary key (org, id))`,
  `create table contact_identity (org text not null, kind text not null, value text not null, contact_id text not null,
     primary key (org, kind, value))`,
  `create index contact_identity_contact on contact_identity (org, contact_id)`,
  `create table conversation (org text not null, id text not null, version bigint not null, kind text not null,
     inbox_id text, contact_id text, status text not null, assignee_id text, activity text not null,
     inbound_offset bigint not null, snoozed_until bigint, "row" text not null, primary key (org, id))`,
  `create index conversation_activity on conversation (org, activity)`,
  `create index conversation_status on conversation (org, status, activity)`,
  `create index conversation_assignee on conversation (org, assignee_id, status, activity)`,
  `create index conversation_inbox on conversation (org, inbox_id, status, activity)`,
  `create index conversation_contact on conversation (org, contact_id, activity)`,
  `create index conversation_inbound on conversation (org, inbound_offset)`,
  `create index conversation_snoozed on conversation (snoozed_until) where snoozed_until is not null`,
  `create table conversation_label (org text not null, label text not null, conversation_id text not null,
     primary key (org, label, conversation_id))`,
  `create table participant (org text not null, user_id text not null, conversation_id text not null,
     primary key (org, user_id, conversation_id))`,
  // Which conversation a message belongs to, by what names it: Message-IDs, a contact, a pair of members.
  `create table thread_key (org text not null, inbox_id text not null, key text not null, conversation_id text not null,
     primary key (org, inbox_id, key))`,
  `alter table message add column conversation_id text`,
  `alter table message add column via text not null default 'mail'`,
  `alter table message add column kind text not null default 'inbound'`,
  `alter table message add column author_id text`,
  `create index message_thread on message (org, conversation_id, id) where conversation_id is not null`,
  `create index message_mail on message (org, id) where via = 'mail' and kind = 'inbound'`,
  `create table read_cursor (org text not null, user_id text not null, conversation_id text not null,
     version bigint not null, "offset" bigint not null, unread bigint not null, first_unread text,
     primary key (org, user_id, conversation_id))`,
  `create index read_cursor_conversation on read_cursor (org, conversation_id)`,
  `create table outbox (org text not null, message_id text not null, inbox_id text not null, via text not null,
     state text not null, attempts bigint not null, next_at bigint not null, lease_until bigint not null,
     payload text not null, created_at bigint not null, primary key (org, message_id))`,
  `create index outbox_due on outbox (state, next_at)`,
  `create table upload (org text not null, id text not null, user_id text not null, digest text not null,
     filename text not null, content_type text not null, size_bytes bigint not null, created_at bigint not null,
     primary key (org, id))`,
  `create table label (org text not null, id text not null, version bigint not null, "row" text not null,
     primary key (org, id))`,
  `create table canned_reply (org text not null, id text not null, version bigint not null, shortcut text not null,
     "row" text not null, primary key (org, id))`,
  `create unique index canned_reply_shortcut on canned_reply (org, shortcut)`,
  // Rows written before there were conversations say what they are.
  `update inbox set name = address`,
];

/** People have inboxes of their own, contacts have conversations. */
export const conversations: Step = async (db, dialect) => {
  for (const statement of statements) await sql.raw(forDialect(statement, dialect)).execute(db);
};
