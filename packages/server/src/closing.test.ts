import { beforeEach, expect, test } from 'vitest';
import type { Clock } from './clock.ts';
import { Closing } from './closing.ts';

let steps: string[];
let waiting: { ms: number; run: () => void }[];
let closing: Closing;
beforeEach(() => {
  steps = [];
  waiting = [];
  const clock: Clock = {
    now: () => 0,
    after(ms, run) {
      const one = { ms, run };
      waiting.push(one);
      return () => void waiting.splice(waiting.indexOf(one), 1);
    },
  };
  const log = (what: unknown, says?: string) =>
    void steps.push(`${says}: ${(what as { what: string }).what}`);
  closing = new Closing({ warn: log, error: log } as never, clock);
});

const step = (name: string) => () => void steps.push(name);

test('edges close first, then rooms, the last opened first', async () => {
  closing.room('store', step('store'));
  closing.room('commands', step('commands'));
  closing.edge('web', async () => {
    await null;
    steps.push('web');
  });
  closing.edge('smtp', step('smtp'));
  await closing.close();
  expect(steps).toEqual(['smtp', 'web', 'commands', 'store']);
  expect(waiting).toEqual([]);
});

test('an edge that does not end in time is left behind', async () => {
  closing.room('store', step('store'));
  closing.edge('web', () => new Promise(() => {}));
  const closed = closing.close();
  expect(waiting.map(({ ms }) => ms)).toEqual([7_000]);
  waiting[0]?.run();
  await closed;
  expect(steps).toEqual(['Some clients did not go in time: web', 'store']);
});

test('one that fails to close does not keep the others open', async () => {
  closing.room('store', step('store'));
  closing.room('sync', () => {
    throw new Error('stuck');
  });
  closing.edge('smtp', () => Promise.reject(new Error('stuck')));
  await closing.close();
  expect(steps).toEqual(['Closing failed: smtp', 'Closing failed: sync', 'store']);
});
