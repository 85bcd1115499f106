import type pg from 'pg';
import type { Value } from '../database.ts';

/** Texts kept as prepared statements on each connection. Commands use far fewer; lists of many lengths may not. */
const PREPARED_MAX_TEXTS = 500;

const known = new Map<string, { readonly name: string; readonly text: string }>();

/** A statement that is parsed and planned once a connection. */
export function prepared(sql: string, values: readonly Value[]): pg.QueryConfig {
  let statement = known.get(sql);
  if (!statement) {
    if (known.size >= PREPARED_MAX_TEXTS) return unprepared(sql, values);
    statement = { name: `s${known.size}`, text: numbered(sql) };
    known.set(sql, statement);
  }
  return { name: statement.name, text: statement.text, values: values.map(storable) };
}

export function unprepared(sql: string, values: readonly Value[]): pg.QueryConfig {
  return { text: numbered(sql), values: values.map(storable) };
}

function numbered(sql: string): string {
  let count = 0;
  return sql.replaceAll('?', () => {
    count += 1;
    return `$${count}`;
  });
}

/** PostgreSQL refuses text that holds NUL; what asks for such text must find nothing instead of failing. */
function storable(value: Value): Value {
  return typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\u{FFFD}') : value;
}
