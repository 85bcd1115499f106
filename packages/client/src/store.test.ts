import { expect, test } from 'vitest';
import { Cell, watched } from './store.ts';

const silent = () => {};

test('a listener hears of each change once, until it leaves', () => {
  const cell = new Cell(1, silent);
  let heard = 0;
  const leave = cell.subscribe(() => {
    heard += 1;
  });
  cell.set(2);
  cell.set(2);
  expect(heard).toBe(1);
  leave();
  leave();
  cell.set(3);
  expect([heard, cell.getSnapshot()]).toEqual([1, 3]);
});

test('the same function may listen twice, and leave once', () => {
  const cell = new Cell(1, silent);
  let heard = 0;
  const listener = () => {
    heard += 1;
  };
  const leave = cell.subscribe(listener);
  cell.subscribe(listener);
  leave();
  cell.set(2);
  expect(heard).toBe(1);
});

test('what is written is told only when it is time', () => {
  const cell = new Cell(1, silent);
  let heard = 0;
  cell.subscribe(() => {
    heard += 1;
  });
  cell.write(2);
  expect([heard, cell.getSnapshot()]).toEqual([0, 2]);
  cell.tell();
  expect(heard).toBe(1);
});

test('a listener that has left during the telling is not told any more', () => {
  const cell = new Cell(1, silent);
  const heard: string[] = [];
  cell.subscribe(() => {
    heard.push('first');
    leave();
  });
  const leave = cell.subscribe(() => heard.push('second'));
  cell.set(2);
  expect(heard).toEqual(['first']);
});

test('what a listener throws is reported, and a reporter that throws harms nobody', () => {
  const reported: unknown[] = [];
  const cell = new Cell(1, (error) => reported.push(error));
  const seen: number[] = [];
  cell.subscribe(() => {
    throw new Error('mine');
  });
  cell.subscribe(() => seen.push(cell.getSnapshot()));
  cell.set(2);
  expect([reported.length, seen]).toEqual([1, [2]]);
  const hostile = () => {
    throw new Error('worse');
  };
  const worst = new Cell(1, hostile);
  worst.subscribe(hostile);
  expect(() => worst.set(2)).not.toThrow();
});

test('a watched store is watched from its first listener to its last', () => {
  const log: string[] = [];
  const store = watched(new Cell('x', silent), () => {
    log.push('watch');
    return () => log.push('unwatch');
  });
  const leaves = [store.subscribe(silent), store.subscribe(silent)];
  for (const leave of [...leaves, ...leaves]) leave();
  expect(log).toEqual(['watch', 'unwatch']);
  store.subscribe(silent);
  expect(log).toEqual(['watch', 'unwatch', 'watch']);
  expect(store.getSnapshot()).toBe('x');
});
