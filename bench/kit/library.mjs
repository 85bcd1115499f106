import { join } from 'node:path';
import Database from 'better-sqlite3';

/** Words of the language that is spoken here; of the n-th there are about 1/n as many as of the first. */
const WORDS = 60_000;
const WORDS_LEAST = 4;
const WORDS_MOST = 40;
const MESSAGES_OF_CONVERSATION = 20;
/** One message every ten seconds: a million are four months. */
const STEP_MS = 10_000;
const INSERTS_IN_ONE_COMMIT = 20_000;
/** As the server orders what is found; see domain/search. */
const SEQ_PER_MS = 2_048;
const ID_TAIL_CHARS = 11;
const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';
const SYLLABLES = [
  'ka',
  'to',
  'mi',
  'ren',
  'so',
  'lu',
  'vah',
  'pe',
  'dri',
  'on',
  'ta',
  'zel',
  'be',
  'ni',
  'ga',
  'rus',
];

/** The n-th word: the more common, the shorter. @param {number} n */
export function wordAt(n) {
  let word = '';
  for (let rest = n + 1; rest > 0; rest = Math.floor(rest / 16)) word += SYLLABLES[rest % 16];
  return word;
}

/**
 * Fills a store with `count` messages in conversations, of the shape of its newest one, each with a text of its own
 * and in the index as the server puts it there. The server must not run meanwhile.
 *
 * @param {string} data  the server's data folder
 * @param {number} count
 */
export function fillLibrary(data, count) {
  const database = new Database(join(data, 'roost.db'));
  database.pragma('synchronous = OFF');
  try {
    const { org, offset } = one(database, 'select org, "offset" from head');
    const message = one(
      database,
      'select * from message where conversation_id is not null order by id desc limit 1',
    );
    const conversation = one(database, 'select * from conversation where id = ?', message.conversation_id);
    const contact = one(database, 'select * from contact where id = ?', conversation.contact_id);
    const put = {
      message: inserter(database, 'message', message),
      conversation: inserter(database, 'conversation', conversation),
      contact: inserter(database, 'contact', contact),
      document: database.prepare(
        'insert into search_document (org, ref, seq, kind, conversation_id, inbox_id) values (?, ?, ?, ?, ?, ?)',
      ),
      text: database.prepare('insert into search_text (rowid, words, scope) values (?, ?, ?)'),
    };
    const random = chance(7);
    const begin = Date.now() - count * STEP_MS;
    let held = { id: '', inbox: conversation.inbox_id };
    const index = (
      /** @type {string} */ kind,
      /** @type {string} */ id,
      /** @type {number} */ seq,
      /** @type {string} */ text,
    ) => {
      const isContact = kind === 'contact';
      put.document.run(org, id, seq, kind, isContact ? null : held.id, isContact ? null : held.inbox);
      const scope = isContact ? `o${org} k${kind}` : `o${org} k${kind} i${held.inbox} c${held.id}`;
      put.text.run(seq, text, scope);
    };
    const add = (/** @type {number} */ n) => {
      const at = begin + n * STEP_MS;
      const place = offset + n + 1;
      const received_at = new Date(at).toISOString();
      const idOf = (/** @type {string} */ like) =>
        arrivalText(place, like.length - ID_TAIL_CHARS) + like.slice(-ID_TAIL_CHARS);
      if (n % MESSAGES_OF_CONVERSATION === 0) {
        const person = idOf(contact.id);
        held = { ...held, id: idOf(conversation.id) };
        const name = `${wordAt(Math.floor(random() * WORDS))} ${wordAt(Math.floor(random() * WORDS))}`;
        const subject = textOf(random, 5);
        put.contact({ id: person, version: place, row: { name, emails: [`c${n}@x.example`] } });
        const status = n % 400 === 0 ? 'pending' : n % 5 === 0 && n % 3 === 0 ? 'open' : 'closed';
        put.conversation({
          id: held.id,
          version: place,
          contact_id: person,
          status,
          activity: held.id,
          row: { status, subject, contact: { id: person, name, address: `c${n}@x.example` } },
        });
        index('contact', person, at * SEQ_PER_MS, `${name} c${n} x example`);
        index('conversation', held.id, at * SEQ_PER_MS + 1, subject);
      }
      const text = textOf(random, WORDS_LEAST + Math.floor(random() ** 2 * (WORDS_MOST - WORDS_LEAST)));
      const kind = n % 10 === 0 ? 'note' : n % 2 === 0 ? 'outbound' : 'inbound';
      const id = idOf(message.id);
      const said = { kind, text, snippet: text.slice(0, 160), received_at, conversation_id: held.id };
      put.message({
        id,
        version: place,
        conversation_id: held.id,
        external_id: null,
        kind,
        row: said,
        content: { text },
      });
      index(kind === 'note' ? 'note' : 'message', id, at * SEQ_PER_MS + 2, text);
    };
    for (let n = 0; n < count; )
      database.transaction(() => {
        for (const until = Math.min(count, n + INSERTS_IN_ONE_COMMIT); n < until; n += 1) add(n);
      })();
    const head = offset + count;
    database.prepare('update head set "offset" = ? where org = ?').run(head, org);
    database
      .prepare(
        'update search_position set contact = ?, conversation = ?, message = ?, "offset" = ? where org = ?',
      )
      .run('~', '~', '~', head, org);
    database.exec('analyze');
    database.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    database.close();
  }
}

/** @param {() => number} random @param {number} words */
function textOf(random, words) {
  const text = [];
  // Zipf's law: the rank of a word is about as likely as it is small.
  for (let n = 0; n < words; n += 1) text.push(wordAt(Math.floor(WORDS ** random()) - 1));
  return text.join(' ');
}

/**
 * Inserts rows like one that is there; what is named differs, `row` and `content` within.
 *
 * @param {Database.Database} database
 * @param {string} table
 * @param {Record<string, any>} like
 */
function inserter(database, table, like) {
  const names = Object.keys(like);
  const insert = database.prepare(
    `insert into ${table} (${names.map((name) => `"${name}"`).join(', ')}) values (${names.map(() => '?').join(', ')})`,
  );
  const parsed = { row: JSON.parse(like.row), content: 'content' in like ? JSON.parse(like.content) : null };
  return (/** @type {Record<string, any>} */ some) => {
    const { id, version, row, content } = some;
    const values = {
      ...like,
      ...some,
      row: JSON.stringify({ ...parsed.row, id, version, ...row }),
      ...(content ? { content: JSON.stringify({ ...parsed.content, ...content }) } : {}),
    };
    insert.run(names.map((name) => values[/** @type {keyof typeof values} */ (name)]));
  };
}

/** The same numbers every time. @param {number} seed */
function chance(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** An offset as ids write it. @param {number} offset @param {number} chars */
function arrivalText(offset, chars) {
  let text = '';
  for (let rest = offset; text.length < chars; rest = Math.floor(rest / 32)) text = DIGITS[rest % 32] + text;
  return text;
}

/**
 * @param {Database.Database} database
 * @param {string} sql
 * @param {...unknown} params
 * @returns {any}
 */
function one(database, sql, ...params) {
  return database.prepare(sql).get(...params);
}
