import { foldDelta, windowOf } from '@roost/protocol';
import { describe, expect, test } from 'vitest';
import { ClientError } from './client-error.ts';
import { Listing, TRIM_SLACK_ROWS, UNKNOWN_LIST } from './listing.ts';

const row = (id: string, version = 1) => ({ id, version });
const keyOf = ({ id }: { id: string }) => id;
const none = { added: [], updated: [], deleted: [] };
const page = (ids: string[], offset: number, has_more = false, epoch = 'e1') => ({
  rows: ids.map((id) => row(id)),
  next: has_more ? (ids.at(-1) ?? null) : null,
  has_more,
  cursor: `${epoch}.${offset}`,
});

function listing(ids: string[] = ['d', 'c'], offset = 10, has_more = true, limit = 2) {
  const made = new Listing(keyOf, limit, () => {});
  made.replace(page(ids, offset, has_more));
  made.write();
  return made;
}

function ids(of: Listing): string {
  of.write();
  return of.cell
    .getSnapshot()
    .rows.map(({ id }) => id)
    .join('');
}

describe('deltas', () => {
  test('one that follows is folded, and moves the list on', () => {
    const list = listing();
    expect(list.fold({ ...none, prev: 10, offset: 12, added: [row('e', 12)] })).toBe('folded');
    expect(ids(list)).toBe('edc');
    expect(list.position).toEqual({ epoch: 'e1', offset: 12 });
    expect(list.cell.getSnapshot().cursor).toBe('e1.12');
  });

  test('[D4] one that was told already is old, though its rows look new: a deleted row stays deleted', () => {
    const list = listing();
    list.fold({ ...none, prev: 10, offset: 14, deleted: ['d'] });
    expect(list.fold({ ...none, prev: 10, offset: 12, added: [row('d', 12)] })).toBe('old');
    expect(list.fold({ ...none, prev: 10, offset: 14, added: [row('d', 14)] })).toBe('old');
    expect(ids(list)).toBe('c');
  });

  test('one that begins after the list leaves a gap and changes nothing', () => {
    const list = listing();
    expect(list.fold({ ...none, prev: 11, offset: 12, added: [row('e')] })).toBe('gap');
    expect(ids(list)).toBe('dc');
    expect(list.position?.offset).toBe(10);
  });

  test('one that begins where the connection vouched for the list is no gap', () => {
    const list = listing();
    list.vouch({ epoch: 'e1', offset: 20 });
    list.vouch({ epoch: 'e1', offset: 15 });
    list.vouch({ epoch: 'e2', offset: 99 });
    expect(list.position?.offset).toBe(20);
    expect(list.fold({ ...none, prev: 20, offset: 21, added: [row('e')] })).toBe('folded');
  });

  test('one that the connection should have brought earlier is still taken', () => {
    const list = listing();
    list.vouch({ epoch: 'e1', offset: 20 });
    expect(list.fold({ ...none, prev: 10, offset: 15, added: [row('e', 15)] })).toBe('folded');
    expect(ids(list)).toBe('edc');
    expect(list.position?.offset).toBe(20);
  });

  test('without rows there is nothing to fold into', () => {
    const list = new Listing(keyOf, 2, () => {});
    expect(list.fold({ ...none, prev: 0, offset: 1 })).toBe('gap');
    expect(list.position).toBeNull();
    list.write();
    expect(list.cell.getSnapshot()).toBe(UNKNOWN_LIST);
  });

  test('an empty one moves the position and nothing that is shown', () => {
    const list = listing();
    const shown = list.cell.getSnapshot();
    list.fold({ ...none, prev: 10, offset: 30 });
    list.write();
    expect(list.cell.getSnapshot()).toBe(shown);
    expect(list.position?.offset).toBe(30);
  });

  test("give what the protocol's own reducer gives", () => {
    const delta = { prev: 10, offset: 11, added: [row('e', 11)], updated: [row('c', 11)], deleted: ['d'] };
    const list = listing();
    list.fold(delta);
    list.write();
    expect(list.cell.getSnapshot().rows).toEqual(
      foldDelta(windowOf(page(['d', 'c'], 10, true)), delta, keyOf).rows,
    );
  });
});

describe('pages', () => {
  test('join below, until there is no more', () => {
    const list = listing();
    expect(list.before).toBe('c');
    expect(list.append(page(['b'], 10), 'c')).toBe(true);
    expect(ids(list)).toBe('dcb');
    expect(list.before).toBeNull();
    expect(list.cell.getSnapshot().hasMore).toBe(false);
  });

  test.each([
    ['older than the list', page(['b'], 9), 'c'],
    ['of another log', page(['b'], 99, false, 'e2'), 'c'],
    ['below another window', page(['a'], 10), 'b'],
    ['without a cursor', { ...page(['b'], 10), cursor: '?' }, 'c'],
  ])('%s do not fit', (_, late, before) => {
    const list = listing();
    expect(list.append(late, before)).toBe(false);
    expect(ids(list)).toBe('dc');
  });

  test('reach down to where the server says, though their last row may be gone', () => {
    const list = listing();
    list.replace({ rows: [row('d')], next: 'b', has_more: true, cursor: 'e1.10' });
    list.fold({ ...none, prev: 10, offset: 11, added: [row('c', 11), row('a', 11)] });
    expect(ids(list)).toBe('dc');
    expect(list.append({ rows: [], next: 'a', has_more: true, cursor: 'e1.11' }, 'b')).toBe(true);
    list.fold({ ...none, prev: 11, offset: 12, added: [row('aa', 12)] });
    expect([ids(list), list.before]).toEqual(['dcaa', 'a']);
  });

  test('do not fit a list that is unknown', () => {
    expect(new Listing(keyOf, 2, () => {}).append(page(['b'], 10), 'c')).toBe(false);
  });
});

describe('memory', () => {
  test('a list that only grows is cut back to what was asked for, and the rest can be fetched again', () => {
    const list = listing(['d', 'c'], 10, false);
    for (let n = 0; n <= TRIM_SLACK_ROWS; n += 1) {
      const added = [row(`e${String(n).padStart(3, '0')}`, 11 + n)];
      list.fold({ ...none, prev: 10 + n, offset: 11 + n, added });
    }
    list.write();
    expect(list.rowCount).toBe(2);
    expect(list.before).toBe('e049');
    expect(list.cell.getSnapshot().hasMore).toBe(true);
  });

  test('rows fetched on purpose are kept', () => {
    const list = listing();
    list.append(page(['b', 'a'], 10, true), 'c');
    expect(list.wantedCount).toBe(4);
    for (let n = 0; n <= TRIM_SLACK_ROWS; n += 1)
      list.fold({ ...none, prev: 10 + n, offset: 11 + n, added: [row(`e${String(n).padStart(3, '0')}`)] });
    expect(list.rowCount).toBe(4);
  });
});

test('a snapshot replaces all of it; one without a cursor nothing', () => {
  const list = listing();
  expect(list.replace({ ...page(['z'], 3), cursor: 'x' })).toBe(false);
  expect(ids(list)).toBe('dc');
  expect(list.replace(page(['z'], 3, false, 'e2'))).toBe(true);
  expect(ids(list)).toBe('z');
  expect(list.position).toEqual({ epoch: 'e2', offset: 3 });
});

test('a snapshot asks for as many rows as are shown, up to what a server gives', () => {
  const list = listing(['d', 'c'], 10, true, 1);
  expect(list.wantedCount).toBe(2);
  list.widen(50);
  expect([list.wantedCount, list.pageCount]).toEqual([50, 50]);
  list.widen(999);
  expect(list.wantedCount).toBe(200);
});

test('an error stands beside the rows until something works again', () => {
  const list = listing();
  const error = new ClientError('connection.lost', 'retry', 'x');
  list.failed(error);
  list.write();
  expect(list.cell.getSnapshot()).toMatchObject({ error, isLoading: false });
  expect(list.confirm({ epoch: 'e2', offset: 11 })).toBe(false);
  expect(list.confirm({ epoch: 'e1', offset: 11 })).toBe(true);
  list.write();
  expect(list.cell.getSnapshot().error).toBeNull();
});

test('what is forgotten is gone', () => {
  const list = listing();
  list.forget();
  list.write();
  expect(list.cell.getSnapshot()).toEqual(UNKNOWN_LIST);
});
