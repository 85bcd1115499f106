/**
 * The least that stores a message for good: `node:http`, one table in SQLite with full sync, what has arrived by the
 * next turn of the event loop in one commit, and the answer after it. No log, no list, no reader, no permission.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { listen } from './listen.mjs';

const folder = mkdtempSync(join(tmpdir(), 'roost-bench-peer-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const database = new Database(join(folder, 'peer.db'));
database.pragma('journal_mode = WAL');
database.pragma('synchronous = FULL');
database.exec(
  'create table message (id integer primary key, at integer, sender text, subject text, body text)',
);
const insert = database.prepare('insert into message (at, sender, subject, body) values (?, ?, ?, ?)');

/** @type {{messages: {from: string, subject: string, text: string}[], stored: () => void}[]} */
let waiting = [];

listen(
  (messages) =>
    new Promise((resolve) => {
      if (waiting.length === 0) setImmediate(commit);
      waiting.push({ messages, stored: () => resolve() });
    }),
);

function commit() {
  const group = waiting;
  waiting = [];
  database.transaction(() => {
    for (const { messages } of group)
      for (const { from, subject, text } of messages) insert.run(Date.now(), from, subject, text);
  })();
  for (const { stored } of group) stored();
}
