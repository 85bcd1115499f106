import { sql } from 'kysely';
import { forDialect } from './for-dialect.ts';
import type { Step } from './step.ts';

const statements = [
  // `id` is the inbox, of both; one that nobody has set has no row.
  `create table inbox_settings (org text not null, id text not null, version bigint not null, "row" text not null,
     primary key (org, id))`,
  `create table auto_reply (org text not null, id text not null, version bigint not null, "row" text not null,
     primary key (org, id))`,
  // Whom an inbox answered by itself, and when it last did.
  `create table auto_reply_sent (org text not null, inbox_id text not null, address text not null, at bigint not null,
     primary key (org, inbox_id, address))`,
  `create index auto_reply_sent_at on auto_reply_sent (org, inbox_id, at)`,
];

/** How an inbox behaves: its settings, and what it answers by itself. */
export const inboxBehaviour: Step = async (db, dialect) => {
  for (const statement of statements) await sql.raw(forDialect(statement, dialect)).execute(db);
};
