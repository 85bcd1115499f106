import { join } from 'node:path';
import Database from 'better-sqlite3';

const INSERTS_IN_ONE_COMMIT = 50_000;
/** What follows an id's place in the log: see `idAt` of the server. */
const ID_TAIL_CHARS = 11;
const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';

/**
 * Grows a store to `count` messages by copying its newest one, row by row in every table that names it: the copies
 * have the shape that the server wrote, whatever it is. The server must not run meanwhile.
 *
 * @param {string} data  the server's data folder
 * @param {number} count
 */
export function fill(data, count) {
  const database = new Database(join(data, 'roost.db'));
  database.pragma('synchronous = OFF');
  try {
    const { org, offset } = one(database, 'select org, "offset" from head');
    const stored = one(database, 'select count(*) as count from message').count;
    const copies = copiesOf(
      database,
      one(database, 'select id, version from message order by id desc limit 1'),
    );
    for (let made = 0; made < count - stored; ) {
      database.transaction(() => {
        const until = Math.min(count - stored, made + INSERTS_IN_ONE_COMMIT);
        for (; made < until; made += 1) for (const copy of copies) copy(offset + made + 1);
      })();
    }
    const added = Math.max(0, count - stored);
    database.prepare('update head set "offset" = ? where org = ?').run(offset + added, org);
    // Nothing of it is indexed, now or while it is measured: no figure here is about finding words.
    database
      .prepare(
        `insert or replace into search_position (org, contact, conversation, message, "offset")
           values (?, '~', '~', '~', ?)`,
      )
      .run(org, offset + added);
    database.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    database.close();
  }
}

/**
 * For each row that belongs to a message, a function that inserts its like at another offset.
 *
 * @param {Database.Database} database
 * @param {{id: string, version: number}} message
 * @returns {((offset: number) => void)[]}
 */
function copiesOf(database, { id, version }) {
  const rows = [
    ...all(database, 'message', 'id = ?', id),
    ...all(database, 'recipient', 'message_id = ?', id),
    ...all(database, 'blob_reference', 'message_id = ?', id),
    ...all(database, 'log', '"offset" = ?', version),
  ];
  const arrivalChars = id.length - ID_TAIL_CHARS;
  return rows.map(([table, row]) => {
    const names = Object.keys(row);
    const insert = database.prepare(
      `insert into ${table} (${names.map((name) => `"${name}"`).join(', ')}) values (${names.map(() => '?').join(', ')})`,
    );
    return (offset) => {
      const newId = arrivalText(offset, arrivalChars) + id.slice(arrivalChars);
      insert.run(names.map((name) => moved(name, row[name], id, newId, offset)));
    };
  });
}

/**
 * An offset as ids write it: Crockford's base 32.
 *
 * @param {number} offset
 * @param {number} chars
 */
function arrivalText(offset, chars) {
  let text = '';
  for (let rest = offset; text.length < chars; rest = Math.floor(rest / 32)) text = DIGITS[rest % 32] + text;
  return text;
}

/**
 * A column's value in the copy.
 *
 * @param {string} name
 * @param {unknown} value
 * @param {string} id
 * @param {string} newId
 * @param {number} offset
 */
function moved(name, value, id, newId, offset) {
  if (name === 'version' || name === 'offset') return offset;
  if (name === 'external_id') return value === null ? null : newId;
  if (typeof value !== 'string') return value;
  return value.replaceAll(id, newId).replace(/"version":\d+/g, `"version":${offset}`);
}

/**
 * @param {Database.Database} database
 * @param {string} table
 * @param {string} condition
 * @param {string | number} value
 * @returns {[table: string, row: Record<string, unknown>][]}
 */
function all(database, table, condition, value) {
  const found = /** @type {Record<string, unknown>[]} */ (
    database.prepare(`select * from ${table} where ${condition}`).all(value)
  );
  return found.map((row) => [table, row]);
}

/**
 * @param {Database.Database} database
 * @param {string} sql
 * @returns {any}
 */
function one(database, sql) {
  return database.prepare(sql).get();
}
