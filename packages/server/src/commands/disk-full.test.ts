import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock, systemRandom } from '../clock.ts';
import { commands, registry } from '../domain/index.ts';
import { openSqlite, type SqliteDatabase } from '../store/sqlite/sqlite.ts';
import { StoreEngine } from './index.ts';
import { arrival } from './testing/arrivals.ts';
import { Node, system } from './testing/node.ts';

/** Room for a few dozen of the messages below. */
const ROOM_PAGES = 200;

let folder: string;
let database: SqliteDatabase;
let node: Node;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'roost-full-'));
  database = await openSqlite(join(folder, 'roost.db'));
  node = new Node(new StoreEngine(database, registry, systemClock, systemRandom));
  await node.found('a');
});
afterEach(async () => {
  await node.engine.close();
  rmSync(folder, { recursive: true });
});

const text = 'a message that takes a few pages. '.repeat(300);
const accept = (subject: string) =>
  node.bus.execute(commands.acceptMessages, {
    org: 'a',
    actor: system,
    id: subject,
    input: {
      arrivals: [
        arrival('bob@x.a.test', {
          subject,
          content: { headers: [], text, html: null, attachments: [], truncated: false },
        }),
      ],
    },
  });

/** As if the disk had room for so many pages more; SQLite then fails as it does on a full disk. */
function leaveRoom(pages: number): void {
  const used = database.connection.pragma('page_count', { simple: true }) as number;
  database.connection.pragma(`max_page_count = ${used + pages}`);
}

async function stored(): Promise<string[]> {
  return (await node.rows('a')).rows.map((row) => JSON.parse(row).subject as string).reverse();
}

test('a full disk refuses what does not fit, keeps what was acknowledged, and goes on once there is room', async () => {
  leaveRoom(ROOM_PAGES);
  const acknowledged: string[] = [];
  const refused: { subject: string; code: unknown }[] = [];
  const send = async (from: number, count: number) => {
    const subjects = Array.from({ length: count }, (_, at) => `${from + at}`);
    const settled = await Promise.allSettled(subjects.map(accept));
    settled.forEach((one, at) => {
      const subject = subjects[at] as string;
      if (one.status === 'fulfilled') acknowledged.push(subject);
      else refused.push({ subject, code: one.reason.code });
    });
  };
  // Groups of several, then one by one: both ways to run out of room.
  for (let at = 0; at < 30; at += 1) await send(at * 8, 8);
  for (let at = 0; at < 10; at += 1) await send(1_000 + at, 1);

  expect(acknowledged.length).toBeGreaterThan(20);
  expect(new Set(refused.map(({ code }) => code))).toEqual(new Set(['store.full']));
  expect(await stored()).toEqual(acknowledged);
  const log = await node.log('a');
  expect(log?.entries.map(({ offset }) => offset)).toEqual(log?.entries.map((_, at) => at + 1));
  expect(log?.head.offset).toBe(log?.entries.length);
  expect(node.committed).toEqual(log?.entries);

  leaveRoom(10_000);
  const next = await accept('after');
  expect(next.offset).toBe((log?.head.offset ?? 0) + 1);
  // What was refused was not remembered either: the same id now succeeds.
  const again = refused[0]?.subject as string;
  expect((await accept(again)).offset).toBe(next.offset + 1);
  expect(await stored()).toEqual([...acknowledged, 'after', again]);
  expect(database.connection.pragma('integrity_check', { simple: true })).toBe('ok');
});

test('a command that fails in the middle of a group with a full disk undoes the group as one', async () => {
  leaveRoom(6);
  const { outcomes, entries } = await node.engine.run(
    Array.from({ length: 5 }, (_, at) => ({
      org: 'a',
      actor: system,
      name: commands.acceptMessages.name,
      id: null,
      input: {
        arrivals: [
          arrival('bob@x.a.test', {
            subject: `${at}`,
            content: { headers: [], text, html: null, attachments: [], truncated: false },
          }),
        ],
      },
    })),
  );
  expect(outcomes.map((outcome) => !outcome.ok && outcome.code)).toEqual(Array(5).fill('store.full'));
  expect(entries).toEqual([]);
  expect(await stored()).toEqual([]);
});
