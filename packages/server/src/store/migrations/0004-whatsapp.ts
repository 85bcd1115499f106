import { sql } from 'kysely';
import { forDialect } from './for-dialect.ts';
import type { Step } from './step.ts';

const statements = [
  `create table template (org text not null, id text not null, version bigint not null, inbox_id text not null,
     name text not null, language text not null, "row" text not null, primary key (org, id))`,
  `create unique index template_name on template (org, inbox_id, name, language)`,
  // Files that people sent, and that are still to be fetched; gone from here once they are blobs, or given up.
  `create table whatsapp_file (org text not null, message_id text not null, part bigint not null,
     inbox_id text not null, file_id text not null, sha256 text, attempts bigint not null, next_at bigint not null,
     lease_until bigint not null, primary key (org, message_id, part))`,
  `create index whatsapp_file_due on whatsapp_file (next_at)`,
  // Reports about messages that nobody here knows yet.
  `create table whatsapp_status (org text not null, inbox_id text not null, external_id text not null,
     status text not null, says text, at bigint not null, primary key (org, inbox_id, external_id, status))`,
  `create index whatsapp_status_age on whatsapp_status (org, at)`,
  // What came for numbers that no inbox has, and what nobody here understands.
  `create table whatsapp_leftover (org text not null, id text not null, phone_number_id text, what text not null,
     says text not null, raw text not null, at bigint not null, primary key (org, id))`,
  `create index whatsapp_leftover_number on whatsapp_leftover (org, phone_number_id)`,
];

/** What the platform of WhatsApp has besides messages: templates, files, early reports. */
export const whatsapp: Step = async (db, dialect) => {
  for (const statement of statements) await sql.raw(forDialect(statement, dialect)).execute(db);
};
