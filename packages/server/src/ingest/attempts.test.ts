import { Failure } from '@roost/protocol';
import { expect, test } from 'vitest';
import { AttemptLedger, type Noted } from './attempts.ts';

const stored: Noted = {
  way: 'smtp',
  sender: 'a@x.test',
  recipients: ['b@y.test'],
  size_bytes: 1,
  outcome: 'stored',
  error: null,
};

/** What a ledger asked of the bus. */
function world(fails = false) {
  const clock = { now: () => 7, after: () => () => {} };
  const written: { org: string; name: string; attempts?: unknown[] }[] = [];
  const warned: string[] = [];
  const bus = {
    async execute(
      { name }: { name: string },
      { org, input }: { org: string; input: { attempts?: unknown[] } },
    ) {
      if (fails) throw new Failure('store.full');
      written.push({ org, name, ...(input.attempts && { attempts: input.attempts }) });
      return { offset: 0, result: false };
    },
    query: async () => [{ id: 'first' }, { id: 'second' }],
  };
  const ledger = new AttemptLedger({
    bus: bus as never,
    clock,
    log: { warn: (_about, says) => void warned.push(says) },
  });
  return { ledger, written, warned };
}

test('what is noted is written together, by organisation; mail for nobody with the first', async () => {
  const { ledger, written } = world();
  ledger.note('one', stored);
  ledger.note('two', stored);
  const error = new Failure('address.unknown', 'No inbox takes mail for x.');
  ledger.note(null, { ...stored, recipients: ['x y\u0000@z.test'], outcome: 'refused', error });
  await ledger.flush();
  const { error: _, ...row } = stored;
  expect(written).toEqual([
    { org: 'one', name: 'ingest_attempt.note', attempts: [{ ...row, at: 7, code: null, says: null }] },
    { org: 'two', name: 'ingest_attempt.note', attempts: [{ ...row, at: 7, code: null, says: null }] },
    {
      org: 'first',
      name: 'ingest_attempt.note',
      attempts: [
        {
          ...row,
          at: 7,
          recipients: ['xy@z.test'],
          outcome: 'refused',
          code: 'address.unknown',
          says: 'No inbox takes mail for x.',
        },
      ],
    },
  ]);
});

test('many are written in pieces, a flood is bounded, and the oldest are looked for before the hour is over', async () => {
  const { ledger, written, warned } = world();
  for (let round = 0; round < 2; round += 1) {
    for (let n = 0; n < 10_001; n += 1) ledger.note('one', stored);
    await ledger.flush();
  }
  const sizes = written.map(({ attempts }) => attempts?.length);
  expect(sizes.filter((size) => size === 500)).toHaveLength(40);
  expect(written.at(-1)?.name).toBe('ingest_attempt.trim');
  expect(warned).toEqual([expect.stringMatching(/too many/), expect.stringMatching(/too many/)]);
});

test('trouble of the store is nobody else’s', async () => {
  const { ledger, warned } = world(true);
  ledger.note('one', stored);
  await ledger.flush();
  expect(warned).toEqual([expect.stringMatching(/could not be written down/)]);
});
