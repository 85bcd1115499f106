import { Failure, inboxView, type MessageRow, normalAddress } from '@roost/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commands } from '../../domain/index.ts';
import { arrival } from './arrivals.ts';
import { type Node, system } from './node.ts';

/** For many random lists, on a machine that does other things too. */
const LONG_MS = 60_000;

/** Characters that mean something to SQL, to the filter, or to a comparison of text. */
const character = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('a', 'b', 'A', '.', '+', '-', '0') },
  { weight: 3, arbitrary: fc.constantFrom('%', '_', '\\', '*', "'", '"', '?', '$', ' ', '@', '~') },
  { weight: 1, arbitrary: fc.constantFrom('é', 'É', 'e\u0301', 'ß', 'İ', 'ı', 'K', '漢', '\u{1F426}') },
);
const localPart = fc.array(character, { minLength: 1, maxLength: 8 }).map((parts) => parts.join(''));
const recipients = fc.array(fc.tuple(localPart, fc.constantFrom('x', 'X', 'ü', 'a%b', 'a_b', 'sub.x')), {
  minLength: 1,
  maxLength: 3,
});

/** A filter made from an address by cutting pieces out and putting asterisks between, or from nothing at all. */
const filterOf = (addresses: readonly string[]) =>
  fc.oneof(
    fc
      .record({
        address: fc.constantFrom(...addresses),
        from: fc.nat(12),
        length: fc.integer({ min: 1, max: 30 }),
        star: fc.option(fc.nat(30)),
        ends: fc.constantFrom('', '*', 'both'),
      })
      .map(({ address, from, length, star, ends }) => {
        let piece = address.slice(from % address.length).slice(0, length);
        if (star !== null)
          piece = `${piece.slice(0, star % (piece.length + 1))}*${piece.slice(star % (piece.length + 1))}`;
        if (ends === 'both') return `*${piece}*`;
        return `${piece}${ends}`;
      }),
    fc.constantFrom(...addresses),
    fc.array(character, { maxLength: 6 }).map((parts) => parts.join('')),
  );

/** Rule S4: the snapshot's SQL and the predicate that runs on deltas choose the same rows. */
export function filterContract(node: () => Node, fresh: () => string): void {
  test(
    '[S4] a filtered list holds exactly the rows its predicate includes, whatever the addresses',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(recipients, { minLength: 1, maxLength: 12 }).chain((messages) => {
            const addresses = messages.flat().map(([local, where]) => `${local}@${where}`);
            return fc.tuple(
              fc.constant(messages),
              fc.array(filterOf(addresses), { minLength: 1, maxLength: 12 }),
            );
          }),
          async ([messages, filters]) => {
            const org = fresh();
            await node().found(org);
            const arrivals = messages.map((to) =>
              arrival([
                ...new Set(to.map(([local, where]) => normalAddress(`${local}@${where}.${org}.test`))),
              ]),
            );
            await node().bus.execute(commands.acceptMessages, { org, actor: system, input: { arrivals } });
            const all = (await node().rows(org)).rows;
            expect(all).toHaveLength(messages.length);
            for (const short of filters) {
              for (const filter of [short, short.includes('@') ? `${short}.${org}.test` : `${short}*`]) {
                const expected = includedBy(filter, all);
                const listed = node().rows(org, filter);
                if (expected === null) await expect(listed).rejects.toMatchObject({ code: 'filter.invalid' });
                else expect((await listed).rows, `filter ${JSON.stringify(filter)}`).toEqual(expected);
              }
            }
          },
        ),
        { numRuns: 40 },
      );
    },
    LONG_MS,
  );
}

/** Null for a filter that may not be asked with. */
function includedBy(filter: string, rows: readonly string[]): string[] | null {
  try {
    const view = inboxView({ filter }, { user_id: '', hidden: [] });
    return rows.filter((row) => view.includes(JSON.parse(row) as MessageRow));
  } catch (error) {
    if (error instanceof Failure && error.code === 'filter.invalid') return null;
    throw error;
  }
}
