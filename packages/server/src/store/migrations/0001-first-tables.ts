import { sql } from 'kysely';
import { forDialect } from './for-dialect.ts';
import type { Step } from './step.ts';

/** Written out instead of built, so that one reading shows what the database holds. Both dialects take it. */
const statements = [
  `create table head (org text primary key, epoch text not null, "offset" bigint not null, oldest bigint not null)`,
  `create table log (org text not null, "offset" bigint not null, at bigint not null, actor text not null,
     changes text not null, primary key (org, "offset"))`,
  `create table answer (org text not null, id text not null, fingerprint text not null, "offset" bigint not null,
     result text not null, at bigint not null, primary key (org, id))`,
  `create index answer_at on answer (org, at)`,
  `create table audit (org text not null, "offset" bigint not null, at bigint not null, actor text not null,
     command text not null, subject text not null)`,
  `create index audit_of_org on audit (org, "offset")`,
  `create table organisation (id text primary key, name text not null, created_at bigint not null)`,
  `create table person (id text primary key, email text not null unique, name text not null, password_hash text,
     created_at bigint not null)`,
  `create table member (org text not null, id text not null, version bigint not null, role text not null,
     read_offset bigint not null, primary key (org, id))`,
  `create table session (org text not null, id text primary key, user_id text not null, secret_hash text not null,
     created_at bigint not null, expires_at bigint not null)`,
  `create table sign_in_link (org text not null, hash text primary key, user_id text not null, expires_at bigint not null)`,
  `create table api_token (org text not null, id text not null, hash text primary key, user_id text not null,
     name text not null, scopes text not null, created_at bigint not null)`,
  `create table inbox (org text not null, id text primary key, version bigint not null, kind text not null,
     address text not null unique)`,
  // What lists read comes before the content, which may be large and is then kept apart by both stores.
  `create table message (org text not null, id text not null, version bigint not null, inbox_id text not null,
     external_id text, source text, "row" text not null, content text not null, primary key (org, id))`,
  `create unique index message_external on message (org, inbox_id, external_id) where external_id is not null`,
  `create table recipient (org text not null, message_id text not null, address text not null,
     local_part text not null, primary key (org, message_id, address, local_part))`,
  `create index recipient_address on recipient (org, address, message_id)`,
  `create table blob_reference (org text not null, message_id text not null, digest text not null,
     primary key (digest, org, message_id))`,
  `create index blob_reference_message on blob_reference (org, message_id)`,
  `create table setting (name text primary key, value text not null)`,
];

export const firstTables: Step = async (db, dialect) => {
  for (const statement of statements) await sql.raw(forDialect(statement, dialect)).execute(db);
};
