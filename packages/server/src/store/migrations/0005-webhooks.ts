import { sql } from 'kysely';
import { forDialect } from './for-dialect.ts';
import type { Step } from './step.ts';

const statements = [
  `create table webhook (org text not null, id text not null, name text not null, url text not null,
     events text not null, inbox_ids text not null, secret text not null, active bigint not null,
     since_offset bigint not null, created_at bigint not null, failing_since bigint, paused_at bigint, problem text,
     primary key (org, id))`,
  // How far the log of an organisation that has webhooks was read for them.
  `create table webhook_position (org text primary key, "offset" bigint not null)`,
  // What was, is, and is to be sent. "next_at": when it may be sent (again); while it is being sent, when that is over.
  `create table webhook_delivery (org text not null, webhook_id text not null, id text not null,
     "offset" bigint not null, place bigint not null, event text not null, body text not null, state text not null,
     attempts bigint not null, next_at bigint not null, begun_at bigint not null, created_at bigint not null,
     answered bigint, says text, settled_at bigint, primary key (org, webhook_id, id))`,
  `create index webhook_delivery_due on webhook_delivery (next_at) where state in ('waiting', 'sending')`,
  `create index webhook_delivery_newest on webhook_delivery (org, webhook_id, "offset", place)`,
  `create index webhook_delivery_age on webhook_delivery (org, created_at)`,
];

/** Events go out to other programs. */
export const webhooks: Step = async (db, dialect) => {
  for (const statement of statements) await sql.raw(forDialect(statement, dialect)).execute(db);
};
