import { sql } from 'kysely';
import { forDialect } from './for-dialect.ts';
import type { Step } from './step.ts';

const statements = [
  // `row` is what the log has told of it; `stand` is how far it truly is.
  `create table job (org text not null, id text not null, version bigint not null, state text not null,
     user_id text not null, begun_at bigint not null, ended_at bigint, told_at bigint not null, held_by text,
     lease_until bigint not null, attempts bigint not null, work text not null, stand text not null,
     "row" text not null, primary key (org, id))`,
  `create index job_open on job (lease_until) where state in ('waiting', 'running')`,
  `create index job_of_user on job (org, user_id, id)`,
  `create index job_ended on job (org, ended_at) where ended_at is not null`,
  // How long an organisation keeps mail where neither inbox, mailbox nor domain says so; null for ever.
  `create table retention (org text primary key, mail_days bigint, quarantine_days bigint)`,
  // Mail in no mailbox, by its age: what was sent, and what the server says of it.
  `create index message_unfiled on message (org, inbox_id, id)
     where via = 'mail' and mailbox_id is null and decision = 'INBOX'`,
  `create index dropped_at on dropped (org, at)`,
  `create index audit_at on audit (org, at)`,
];

/** Long work that goes on after a restart, and how long mail is kept. */
export const jobs: Step = async (db, dialect) => {
  for (const statement of statements) await sql.raw(forDialect(statement, dialect)).execute(db);
};
