import { beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import {
  type Call,
  CommandBus,
  defineCommand,
  type Engine,
  type GroupOutcome,
  type LogEntry,
} from './index.ts';

const system = { kind: 'system', name: 'test' } as const;
const say = defineCommand({
  name: 'say',
  input: z.object({ word: z.string(), weight: z.number().optional() }),
  may: { roles: [] },
  weight: ({ weight }) => weight ?? 1,
  run: async () => null,
});

/** An engine that commits when the test says so. */
class HeldEngine implements Engine {
  readonly groups: { readonly words: string[]; readonly finish: (outcome?: Error) => void }[] = [];

  run(calls: readonly Call[]): Promise<GroupOutcome> {
    const words = calls.map(({ input }) => (input as { word: string }).word);
    return new Promise((resolve, reject) => {
      const finish = (error?: Error) => (error ? reject(error) : resolve(echo(calls, words)));
      this.groups.push({ words, finish });
    });
  }
  query = () => Promise.reject(new Error('nobody asks'));
  close = async () => {};
}

function echo(calls: readonly Call[], words: readonly string[]): GroupOutcome {
  const entry = (word: string, at: number): LogEntry => ({
    org: calls[at]?.org ?? '',
    epoch: 'e1',
    offset: at + 1,
    at: 0,
    actor: word,
    changes: '[]',
  });
  return {
    outcomes: words.map((word, at) =>
      word === 'wrong'
        ? { ok: false, code: 'server.failed', says: 'It failed.', detail: 'because' }
        : { ok: true, offset: at + 1, result: word },
    ),
    entries: words.map(entry),
  };
}

let engine: HeldEngine;
let events: string[];
let onCommitted: (entries: readonly LogEntry[]) => void;
let bus: CommandBus;

beforeEach(() => {
  engine = new HeldEngine();
  events = [];
  onCommitted = (entries) => events.push(`committed ${entries.map(({ actor }) => actor).join(' ')}`);
  bus = new CommandBus(
    engine,
    (org) => org,
    (entries) => onCommitted(entries),
    (name, detail) => events.push(`unexpected ${name}: ${detail.split('\n')[0]}`),
  );
});

const ask = (word: string, org = 'a', weight = 1) =>
  bus.execute(say, { org, actor: system, input: { word, weight } });
const turn = () => new Promise((resolve) => setImmediate(resolve));
const group = async (at: number) => {
  while (!engine.groups[at]) await turn();
  return engine.groups[at] as HeldEngine['groups'][number];
};

test('calls of one turn share a group, and those that come while it commits form the next', async () => {
  const first = Promise.all([ask('one'), ask('two')]);
  await group(0);
  const second = Promise.all([ask('three'), ask('four')]);
  await turn();
  expect(engine.groups.map(({ words }) => words)).toEqual([['one', 'two']]);
  (await group(0)).finish();
  expect(await first).toEqual([
    { offset: 1, result: 'one' },
    { offset: 2, result: 'two' },
  ]);
  (await group(1)).finish();
  await second;
  expect(engine.groups.map(({ words }) => words)).toEqual([
    ['one', 'two'],
    ['three', 'four'],
  ]);
});

test('what was committed is told before its callers hear of it', async () => {
  const asked = ask('one').then(() => events.push('answered'));
  (await group(0)).finish();
  await asked;
  expect(events).toEqual(['committed one', 'answered']);
});

test('partitions do not wait for each other', async () => {
  const [slow, quick] = [ask('slow', 'a'), ask('quick', 'b')];
  (await group(1)).finish();
  expect((await quick).result).toBe('quick');
  (await group(0)).finish();
  await slow;
});

test('one that fails fails alone, and what is our fault is told to the log only', async () => {
  const settled = Promise.allSettled([ask('one'), ask('wrong')]);
  (await group(0)).finish();
  const [one, wrong] = await settled;
  expect(one.status).toBe('fulfilled');
  expect(wrong).toMatchObject({ reason: { code: 'server.failed', message: 'It failed.' } });
  expect(events).toEqual(['committed one wrong', 'unexpected say: because']);
});

test('an engine that is gone fails its group, and the next is tried all the same', async () => {
  const lost = ask('lost');
  await group(0);
  const next = ask('next');
  (await group(0)).finish(new Error('thread ended'));
  await expect(lost).rejects.toMatchObject({ code: 'store.unavailable' });
  (await group(1)).finish();
  expect((await next).result).toBe('next');
});

test('a listener that throws keeps nobody from their answer', async () => {
  onCommitted = () => {
    throw new Error('listener');
  };
  const asked = ask('one');
  (await group(0)).finish();
  expect((await asked).result).toBe('one');
  expect(events).toEqual(['unexpected log.committed: Error: listener']);
  const again = ask('two');
  (await group(1)).finish();
  expect((await again).result).toBe('two');
});

test('a group ends at its bound of calls, and at its bound of weight', async () => {
  const asked = [
    ...Array.from({ length: 300 }, (_, at) => ask(`${at}`)),
    ask('large', 'a', 500),
    ask('larger', 'a', 500),
  ];
  for (const at of [0, 1, 2]) (await group(at)).finish();
  await Promise.all(asked);
  expect(engine.groups.map(({ words }) => words.length)).toEqual([256, 45, 1]);
});

test('too many that wait are told to come later, and those waiting are served', async () => {
  const first = ask('first');
  await group(0);
  const waiting = Array.from({ length: 20_000 }, () => ask('waits'));
  await expect(ask('too many')).rejects.toMatchObject({ code: 'store.unavailable' });
  (await group(0)).finish();
  for (let at = 1; at < 80; at += 1) (await group(at)).finish();
  await Promise.all([first, ...waiting]);
  await bus.idle();
});
