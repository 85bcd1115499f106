import type { Dialect } from '../database.ts';

/**
 * Ids sort in the order of the log byte by byte, while the collation of a PostgreSQL database may be that of any
 * human language; SQLite's is bytes anyway.
 */
export function forDialect(statement: string, dialect: Dialect): string {
  if (dialect === 'sqlite' || !/^(create table|alter table)/.test(statement)) return statement;
  return statement.replaceAll(/\btext\b/g, 'text collate "C"');
}
