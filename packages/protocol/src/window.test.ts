import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Delta } from './delta.ts';
import { appendPage, foldDelta, trimWindow, type Window, windowOf } from './window.ts';

interface Letter {
  readonly id: string;
  readonly version: number;
  readonly note?: string;
}

const keyOf = ({ id }: Letter) => id;
const letter = (id: string, version = 1): Letter => ({ id, version });
/** A window of one row a letter; with `bottom` it reaches down to there and more lies below. */
const holding = (ids: string, bottom: string | null = null): Window<Letter> => ({
  rows: [...ids].map((id) => letter(id)),
  bottom,
});
const shown = ({ rows }: Window<Letter>) => rows.map(({ id }) => id).join('');
const none: Delta<Letter> = { prev: 1, offset: 2, added: [], updated: [], deleted: [] };

describe('a delta', () => {
  test('puts each row in its place, greatest key first', () => {
    const window = foldDelta(
      holding('da'),
      { ...none, added: ['c', 'e', 'b'].map((id) => letter(id, 2)) },
      keyOf,
    );
    expect(shown(window)).toBe('edcba');
  });

  test('leaves out what lies below the window, and takes what lies at its bottom', () => {
    const window = holding('dc', 'c');
    const added = [letter('b', 2)];
    expect(foldDelta(window, { ...none, added }, keyOf)).toBe(window);
    const again = foldDelta(
      foldDelta(window, { ...none, deleted: ['c'] }, keyOf),
      { ...none, added: [letter('c', 3)] },
      keyOf,
    );
    expect(shown(again)).toBe('dc');
  });

  test('[D4] applied twice changes nothing, and gives back the very same window', () => {
    const delta = { ...none, added: [letter('b', 2)], updated: [letter('c', 2)], deleted: ['a'] };
    const once = foldDelta(holding('dca'), delta, keyOf);
    expect(foldDelta(once, delta, keyOf)).toBe(once);
  });

  test('[D4] never puts an older row in place of a newer one', () => {
    const window = foldDelta(holding('ba'), { ...none, updated: [letter('b', 5)] }, keyOf);
    expect(foldDelta(window, { ...none, updated: [letter('b', 4)] }, keyOf)).toBe(window);
  });

  test('keeps what only the held row knows, such as the content of an opened message', () => {
    const held: Window<Letter> = { rows: [{ ...letter('a'), note: 'content' }], bottom: null };
    const window = foldDelta(held, { ...none, updated: [letter('a', 2)] }, keyOf);
    expect(window.rows).toEqual([{ id: 'a', version: 2, note: 'content' }]);
  });

  test('moves a row whose key has changed, out of the window if need be', () => {
    const byNote = ({ note, id }: Letter) => note ?? id;
    const window = foldDelta(
      holding('dc', 'c'),
      { ...none, updated: [{ ...letter('d', 2), note: 'a' }] },
      byNote,
    );
    expect(shown(window)).toBe('c');
  });

  test('leaves the window it is given as it was', () => {
    const window = holding('cb');
    foldDelta(window, { ...none, added: [letter('d', 2)], deleted: ['b'] }, keyOf);
    expect(shown(window)).toBe('cb');
  });
});

describe('a page', () => {
  test('joins below, and reaches down to its own end', () => {
    const window = appendPage(holding('fe', 'e'), { rows: [letter('d'), letter('c')], next: 'c' }, keyOf);
    expect([shown(window), window.bottom]).toEqual(['fedc', 'c']);
    expect(appendPage(window, { rows: [letter('b')], next: null }, keyOf)).toMatchObject({ bottom: null });
  });

  test('whose last rows went before it was sent still has more below', () => {
    expect(windowOf<Letter>({ rows: [], next: 'c' }).bottom).toBe('c');
    expect(appendPage(holding('fe', 'e'), { rows: [], next: 'c' }, keyOf).bottom).toBe('c');
  });

  test('does not put back an older form of a row that the window holds', () => {
    const newer = foldDelta(holding('fe', 'e'), { ...none, updated: [letter('e', 7)] }, keyOf);
    const window = appendPage(newer, { rows: [letter('e', 3), letter('d')], next: null }, keyOf);
    expect(window.rows.map(({ version }) => version)).toEqual([1, 7, 1]);
  });
});

test('what is trimmed can be fetched again: the window says where it ends', () => {
  const window = trimWindow(holding('edcba'), 2, keyOf);
  expect([shown(window), window.bottom]).toEqual(['ed', 'd']);
  expect(trimWindow(window, 2, keyOf)).toBe(window);
});

/** A list that lives: each step puts or removes one letter. */
const steps = fc.array(fc.record({ id: fc.constantFrom(...'abcdefghij'), isPut: fc.boolean() }), {
  maxLength: 30,
});

test('[D1] whatever happens, folding it gives what is there, as far down as the window reaches', () => {
  fc.assert(
    fc.property(steps, steps, fc.nat(6), (before, after, size) => {
      const truth = new Map<string, Letter>();
      let version = 0;
      const live = (each: typeof before, onDelta: (delta: Delta<Letter>) => void) => {
        for (const { id, isPut } of each) {
          version += 1;
          const isKnown = truth.has(id);
          const row = letter(id, version);
          if (isPut) truth.set(id, row);
          else truth.delete(id);
          const [added, updated] = isPut ? (isKnown ? [[], [row]] : [[row], []]) : [[], []];
          onDelta({ prev: version - 1, offset: version, added, updated, deleted: isPut ? [] : [id] });
        }
      };
      const all = () => [...truth.values()].sort((a, b) => (a.id < b.id ? 1 : -1));
      live(before, () => {});
      const rows = all().slice(0, size);
      let window = windowOf({
        rows,
        next: rows.length < truth.size && size > 0 ? (rows.at(-1)?.id ?? null) : null,
      });
      if (size === 0) window = windowOf({ rows: all(), next: null });
      live(after, (delta) => {
        window = foldDelta(window, delta, keyOf);
      });
      const { bottom } = window;
      expect(window.rows).toEqual(all().filter(({ id }) => bottom === null || id >= bottom));
    }),
  );
});
