import { sql } from 'kysely';
import { forDialect } from './for-dialect.ts';
import type { Step } from './step.ts';

const statements = [
  // What can be found. "seq" orders by time: milliseconds times 2,048 and a little, so that each has one of its own.
  `create table search_document (org text not null, ref text not null, seq bigint not null, kind text not null,
     conversation_id text, inbox_id text, primary key (org, ref))`,
  // How far all that there is was looked at by the job that indexes what was not indexed as it came.
  `create table search_position (org text primary key, contact text not null, conversation text not null,
     message text not null, "offset" bigint not null)`,
];

const ofDialect = {
  sqlite: [
    `create unique index search_document_seq on search_document (seq)`,
    // Words are folded before they get here (domain/search/words.ts); only spaces divide them. The text is not kept.
    `create virtual table search_text using fts5(words, scope, content='', contentless_delete=1, tokenize='ascii',
       prefix='2 3')`,
  ],
  postgres: [
    `create unique index search_document_seq on search_document (org, seq)`,
    `alter table search_document add column words tsvector not null`,
    `create index search_document_words on search_document using gin (words)`,
  ],
} as const;

/** Words lead to what holds them. */
export const search: Step = async (db, dialect) => {
  for (const statement of [...statements, ...ofDialect[dialect]])
    await sql.raw(forDialect(statement, dialect)).execute(db);
};
