import { sql } from 'kysely';
import { forDialect } from './for-dialect.ts';
import type { Step } from './step.ts';

const statements = [
  // Beside the message, so that what is due, and not behind an older one, is found without looking at messages.
  `alter table outbox add column conversation_id text`,
  `update outbox set conversation_id =
     (select m.conversation_id from message m where m.org = outbox.org and m.id = outbox.message_id)`,
  `create index outbox_order on outbox (org, conversation_id, message_id)`,
  `drop index outbox_due`,
  `create index outbox_due on outbox (state, via, next_at, org, message_id)`,
];

export const outboxOrder: Step = async (db, dialect) => {
  for (const statement of statements) await sql.raw(forDialect(statement, dialect)).execute(db);
};
