import { inboxView, type Row } from '@roost/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readEntry } from './entry.ts';
import { SmallLog } from './testing/small-log.ts';
import { viewDelta } from './view-delta.ts';

const bobs = inboxView({ filter: 'bob' }, { user_id: 'u1', hidden: [] });
const BOB = 'bob@x.test';
const ANN = 'ann@x.test';

function deltaOf(make: (log: SmallLog) => void, after = 0) {
  const log = new SmallLog();
  make(log);
  return viewDelta(bobs, log.entries.slice(after).map(readEntry));
}

test('[D5] an entity counts by where it stood before the first and after the last of its changes', () => {
  const touched = (make: (log: SmallLog) => void, after: number) => {
    const delta = deltaOf(make, after);
    return delta && [delta.added.length, delta.updated.length, delta.deleted.length];
  };
  const seen = (log: SmallLog) => void log.put('m', [BOB]);
  const unseen = (log: SmallLog) => void log.put('m', [ANN]);
  const gone = (log: SmallLog) => void log.remove('m');
  const all =
    (...steps: readonly ((log: SmallLog) => void)[]) =>
    (log: SmallLog) => {
      for (const step of steps) step(log);
    };
  expect(touched(all(unseen, unseen), 0)).toBeNull();
  expect(touched(all(unseen, unseen, seen), 1)).toEqual([1, 0, 0]);
  expect(touched(all(unseen, seen, seen), 1)).toEqual([1, 0, 0]);
  expect(touched(all(seen, seen, unseen, seen), 1)).toEqual([0, 1, 0]);
  expect(touched(all(seen, seen, unseen), 1)).toEqual([0, 0, 1]);
  expect(touched(all(seen, gone), 1)).toEqual([0, 0, 1]);
});

test('[D5] a row that came and went in between is told as deleted: somebody may have seen it come', () => {
  expect(deltaOf((log) => [log.put('m', [BOB]), log.remove('m')])).toEqual({
    added: [],
    updated: [],
    deleted: ['m'],
  });
  expect(deltaOf((log) => [log.put('m', [BOB]), log.put('m', [ANN])])?.deleted).toEqual(['m']);
});

test('rows are as of the last change', () => {
  const delta = deltaOf((log) => [log.put('m', [BOB]), log.put('m', [BOB, ANN])]);
  expect(delta?.added).toMatchObject([{ version: 2, to: [BOB, ANN] }]);
});

test('[D5] a delta leads to its end from every position in between', () => {
  const step = fc.tuple(fc.constantFrom('m', 'n', 'o'), fc.constantFrom('put', 'hide', 'remove'));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), fc.nat(12), fc.nat(12), (steps, one, other) => {
      const log = new SmallLog();
      const contents: Map<string, Row>[] = [new Map()];
      for (const [id, act] of steps) {
        if (act === 'remove') log.remove(id);
        else log.put(id, act === 'put' ? [BOB] : [ANN]);
        const content = new Map(contents.at(-1));
        content.delete(id);
        if (act === 'put') content.set(id, { id, version: log.offset });
        contents.push(content);
      }
      const from = Math.min(one, other, steps.length);
      const between = Math.min(Math.max(one, other), steps.length);
      const delta = viewDelta(bobs, log.entries.slice(from).map(readEntry));
      const held = new Map(contents[between]);
      for (const row of [...(delta?.added ?? []), ...(delta?.updated ?? [])])
        if ((held.get(row.id)?.version ?? 0) < row.version) held.set(row.id, row);
      for (const id of delta?.deleted ?? []) held.delete(id);
      const versions = (rows: Map<string, Row> | undefined) =>
        [...(rows ?? [])].map(([id, { version }]) => `${id}${version}`).sort();
      expect(versions(held)).toEqual(versions(contents.at(-1)));
    }),
  );
});
