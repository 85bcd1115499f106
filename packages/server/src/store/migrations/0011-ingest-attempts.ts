import { sql } from 'kysely';
import { forDialect } from './for-dialect.ts';
import type { Step } from './step.ts';

const statements = [
  // What came to the door, and what became of it; told for people, trimmed by age and count.
  `create table ingest_attempt (org text not null, at bigint not null, id text not null, way text not null,
     sender text not null, recipients text not null, size_bytes bigint not null, outcome text not null, code text,
     says text, primary key (org, at, id))`,
  // The same in figures, which no flood makes longer. \`hour\` is hours since 1970.
  `create table ingest_hour (org text not null, hour bigint not null, way text not null, outcome text not null,
     count bigint not null, size_bytes bigint not null, primary key (org, hour, way, outcome))`,
  `create table ingest_sender (org text not null, hour bigint not null, domain text not null, count bigint not null,
     size_bytes bigint not null, primary key (org, hour, domain))`,
];

/** Every attempt to bring mail, for owners and admins who ask where it is. */
export const ingestAttempts: Step = async (db, dialect) => {
  for (const statement of statements) await sql.raw(forDialect(statement, dialect)).execute(db);
};
