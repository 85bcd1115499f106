import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock, systemRandom } from '../clock.ts';
import { commands, queries } from '../domain/index.ts';
import { arrival } from './testing/arrivals.ts';
import { type BuiltWorker, buildWorker } from './testing/built-worker.ts';
import { engineContract } from './testing/engine-contract.ts';
import { Node, system } from './testing/node.ts';
import { WorkerEngine } from './worker-engine.ts';

let worker: BuiltWorker;
let folder: string;
const troubles: string[] = [];
beforeAll(async () => {
  worker = await buildWorker();
  folder = mkdtempSync(join(tmpdir(), 'roost-worker-'));
});
afterAll(() => {
  worker.remove();
  rmSync(folder, { recursive: true, force: true });
});

const open = (file: string) =>
  WorkerEngine.open({
    entry: worker.entry,
    file: join(folder, file),
    clock: systemClock,
    random: systemRandom,
    onTrouble: (says) => troubles.push(says),
  });

describe('over threads beside SQLite', () => {
  engineContract(async () => ({
    open: () => open('contract.db'),
    nodeCount: 1,
    close: async () => expect(troubles).toEqual([]),
  }));
});

test('what was asked before closing is answered', async () => {
  const node = new Node(await open('closing.db'));
  await node.found('a');
  const input = { arrivals: [arrival('bob@x.a.test')] };
  const asked = Array.from({ length: 200 }, () =>
    node.engine.run([{ org: 'a', actor: system, name: commands.acceptMessages.name, input, id: null }]),
  );
  await node.engine.close();
  const outcomes = (await Promise.all(asked)).flatMap((group) => group.outcomes);
  expect(outcomes.filter(({ ok }) => ok)).toHaveLength(200);
  await expect(
    node.engine.query({ org: 'a', actor: system, name: 'log.read', input: {} }),
  ).rejects.toMatchObject({
    code: 'store.unavailable',
  });
});

test('a read that takes long does not hold up commits', async () => {
  const node = new Node(await open('busy.db'));
  await node.found('a');
  const input = { arrivals: Array.from({ length: 500 }, () => arrival('bob@x.a.test')) };
  for (let at = 0; at < 4; at += 1) {
    await node.bus.execute(commands.acceptMessages, { org: 'a', actor: system, input });
  }
  const order: string[] = [];
  const reads = Array.from({ length: 20 }, () => node.rows('a', '*o*b*').then(() => order.push('read')));
  const commit = node.bus
    .execute(commands.acceptMessages, {
      org: 'a',
      actor: system,
      input: { arrivals: [arrival('bob@x.a.test')] },
    })
    .then(() => order.push('commit'));
  await Promise.all([...reads, commit]);
  expect(order.indexOf('commit')).toBeLessThan(order.length - 1);
  await node.engine.close();
});

test('searches hold up neither screens nor commits', async () => {
  const node = new Node(await open('searches.db'));
  await node.found('a');
  const input = { arrivals: [arrival('bob@x.a.test')] };
  const order: string[] = [];
  const search = {
    ...{
      q: 'bob',
      kinds: [],
      inbox_id: null,
      status: null,
      assignee_id: null,
      label: null,
      contact_id: null,
    },
    ...{ before: null, after: null, cursor: null, limit: 20 },
  };
  const searches = Array.from({ length: 50 }, () =>
    node.bus.query(queries.runSearch, { org: 'a', actor: system, input: search }).then(({ rows }) => {
      expect(rows).toEqual([]);
      order.push('search');
    }),
  );
  const others = [
    node.rows('a').then(() => order.push('read')),
    node.bus
      .execute(commands.acceptMessages, { org: 'a', actor: system, input })
      .then(() => order.push('commit')),
  ];
  await Promise.all([...searches, ...others]);
  for (const other of ['read', 'commit']) expect(order.indexOf(other)).toBeLessThan(order.length - 1);
  await node.engine.close();
});

test('a store that cannot be opened is told in one sentence, and nothing stays behind', async () => {
  writeFileSync(join(folder, 'note.txt'), 'This is not a database. '.repeat(100));
  await expect(open('note.txt')).rejects.toThrow(/note\.txt is not a database, or is damaged/);
  await expect(open('note.txt')).rejects.toMatchObject({ name: 'OpeningError' });
});
