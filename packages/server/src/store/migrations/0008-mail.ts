import { sql } from 'kysely';
import { forDialect } from './for-dialect.ts';
import type { Step } from './step.ts';

const statements = [
  `alter table member add column admin bigint not null default 0`,
  `update member set admin = 1 where role in ('owner', 'admin')`,
  `create table mailbox (org text not null, id text not null, version bigint not null, inbox_id text not null,
     path_key text not null, "row" text not null, primary key (org, id))`,
  `create unique index mailbox_path on mailbox (org, inbox_id, path_key)`,
  `alter table message add column mailbox_id text`,
  `alter table message add column decision text not null default 'INBOX'`,
  `create index message_mailbox on message (org, mailbox_id, id) where mailbox_id is not null`,
  `create index message_quarantine on message (org, id) where decision = 'QUARANTINE'`,
  `drop index message_mail`,
  `create index message_mail on message (org, id) where via = 'mail' and kind = 'inbound' and decision = 'INBOX'`,
  `create table rule (org text not null, id text not null, version bigint not null, inbox_id text, domain text,
     "row" text not null, primary key (org, id))`,
  `create index rule_inbox on rule (org, inbox_id) where inbox_id is not null`,
  `create index rule_domain on rule (org, domain) where domain is not null`,
  `create table policy (org text not null, id text not null, version bigint not null, "row" text not null,
     primary key (org, id))`,
  // What became of mail that nobody will ever see, and why.
  `create table dropped (org text not null, id text not null, at bigint not null, inbox_id text not null,
     sender text not null, recipients text not null, subject text not null, size_bytes bigint not null,
     decided_by text not null, primary key (org, id))`,
];

/** Mail lies in mailboxes, and rules say in which. */
export const mail: Step = async (db, dialect) => {
  for (const statement of statements) await sql.raw(forDialect(statement, dialect)).execute(db);
};
