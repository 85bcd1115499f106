import { Failure } from '@roost/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { OpeningError } from '../store/opening-error.ts';
import { StoreThread, type ThreadPort } from './store-thread.ts';
import { ManualClock } from './testing/manual-clock.ts';
import type { FromThread, ToThread } from './thread-messages.ts';

/** A thread that does what the test says. */
class FakePort implements ThreadPort {
  readonly heard: ToThread[] = [];
  terminated = false;
  private readonly hearers = { message: [], error: [], exit: [] } as Record<
    string,
    ((value: never) => void)[]
  >;

  postMessage(message: ToThread): void {
    this.heard.push(message);
  }
  on(event: string, hear: (value: never) => void): void {
    this.hearers[event]?.push(hear);
  }
  async terminate(): Promise<number> {
    this.terminated = true;
    this.exit(1);
    return 1;
  }
  says(message: FromThread): void {
    for (const hear of this.hearers.message ?? []) hear(message as never);
  }
  fails(error: Error): void {
    for (const hear of this.hearers.error ?? []) hear(error as never);
    this.exit(1);
  }
  exit(code: number): void {
    for (const hear of this.hearers.exit ?? []) hear(code as never);
  }
}

let clock: ManualClock;
let ports: FakePort[];
let troubles: string[];
let thread: StoreThread;
const last = () => ports.at(-1) as FakePort;
const call = { org: 'a', actor: { kind: 'system', name: 'test' }, name: 'x', input: {} } as const;
const group = { outcomes: [], entries: [] };

beforeEach(async () => {
  clock = new ManualClock();
  ports = [];
  troubles = [];
  const spawn = () => {
    ports.push(new FakePort());
    return last();
  };
  thread = new StoreThread(
    'writer',
    spawn,
    clock,
    () => 1,
    (says) => troubles.push(says),
  );
});

async function started(): Promise<void> {
  const starting = thread.start();
  last().says({ kind: 'ready' });
  await starting;
}

describe('at work', () => {
  test('outcomes find who asked, in whatever order they come', async () => {
    await started();
    const [first, second] = [thread.run([]), thread.query(call)];
    const answer = { ok: true, result: 'second' } as const;
    last().says({ kind: 'outcome', id: 2, outcome: answer });
    last().says({ kind: 'outcome', id: 1, outcome: group });
    expect(await second).toBe(answer);
    expect(await first).toBe(group);
    expect(last().heard).toEqual([
      { kind: 'run', id: 1, calls: [] },
      { kind: 'query', id: 2, call },
    ]);
  });
});

describe('a thread that ends by itself', () => {
  test('refuses what waits for it with the cause, and is started again after a pause', async () => {
    await started();
    const waiting = thread.run([]);
    last().fails(new Error('out of memory'));
    const failure = await waiting.catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Failure);
    expect(failure).toMatchObject({ code: 'store.unavailable', cause: { message: 'out of memory' } });
    await expect(thread.run([])).rejects.toMatchObject({ code: 'store.unavailable' });
    expect(ports).toHaveLength(1);

    clock.advance(100);
    expect(ports).toHaveLength(2);
    await expect(thread.run([]), 'not before it is ready').rejects.toMatchObject({
      code: 'store.unavailable',
    });
    last().says({ kind: 'ready' });
    const again = thread.run([]);
    last().says({ kind: 'outcome', id: 2, outcome: group });
    expect(await again).toBe(group);
    expect(troubles).toHaveLength(2);
  });

  test('again and again is tried ever more slowly, and never given up', async () => {
    await started();
    last().fails(new Error('broken'));
    const pauses: number[] = [];
    for (let tries = 0; tries < 12; tries += 1) {
      const count = ports.length;
      const since = clock.now();
      while (ports.length === count) clock.advance(10);
      pauses.push(clock.now() - since);
      last().says({ kind: 'unopened', says: 'no' });
    }
    expect(pauses).toEqual([100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000, 10_000, 10_000, 10_000]);
  });

  test('once it ran again starts over with short pauses', async () => {
    await started();
    for (let times = 0; times < 5; times += 1) {
      last().fails(new Error('broken'));
      clock.advance(100);
      last().says({ kind: 'ready' });
    }
    expect(ports).toHaveLength(6);
  });
});

describe('a first start that fails', () => {
  test('is told in the thread\u2019s own sentence and not tried again', async () => {
    const starting = thread.start();
    last().says({ kind: 'unopened', says: 'The file is damaged.' });
    await expect(starting).rejects.toEqual(new OpeningError('The file is damaged.'));
    expect(last().terminated).toBe(true);
    clock.advance(60_000);
    expect(ports).toHaveLength(1);
  });

  test('without a word is told too', async () => {
    const starting = thread.start();
    last().fails(new Error('no such module'));
    await expect(starting).rejects.toThrow(/no such module/);
  });
});

describe('closing', () => {
  test('waits for the thread to end by itself', async () => {
    await started();
    const closing = thread.close(1_000);
    expect(last().heard).toEqual([{ kind: 'close' }]);
    last().exit(0);
    await closing;
    expect(last().terminated).toBe(false);
    expect(troubles).toEqual([]);
  });

  test('ends it at the deadline, and refuses what still waits', async () => {
    await started();
    const waiting = thread.run([]);
    const closing = thread.close(1_000);
    clock.advance(1_000);
    await closing;
    expect(last().terminated).toBe(true);
    await expect(waiting).rejects.toMatchObject({ code: 'store.unavailable' });
    expect(troubles).toHaveLength(1);
  });

  test('during a pause starts nothing any more', async () => {
    await started();
    last().fails(new Error('broken'));
    await thread.close(1_000);
    clock.advance(60_000);
    expect(ports).toHaveLength(1);
  });
});
