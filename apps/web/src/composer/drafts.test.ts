import { expect, test } from 'vitest';
import { Drafts, EMPTY_DRAFT, type Shelf } from './drafts.ts';

function shelf(kept: Record<string, string> = {}): Shelf & { kept: Record<string, string> } {
  return {
    kept,
    getItem: (key) => kept[key] ?? null,
    setItem: (key, value) => {
      kept[key] = value;
    },
    removeItem: (key) => {
      delete kept[key];
    },
  };
}

test('what was begun is there again, for the same person', () => {
  const device = shelf();
  new Drafts(device, 'u1').keep('c1', { text: 'Dear Ann', isNote: false });
  expect(new Drafts(device, 'u1').of('c1')).toEqual({ text: 'Dear Ann', isNote: false });
  expect(new Drafts(device, 'u1').of('c2')).toBe(EMPTY_DRAFT);
  expect(new Drafts(device, 'u2').of('c1')).toBe(EMPTY_DRAFT);
});

test('what was sent or wiped leaves nothing behind', () => {
  const device = shelf();
  const drafts = new Drafts(device, 'u1');
  drafts.keep('c1', { text: 'x', isNote: true });
  drafts.keep('c1', { text: '  ', isNote: true });
  expect(device.kept).toEqual({});
});

test('fifty are kept, the ones last touched', () => {
  const drafts = new Drafts(shelf(), 'u1');
  for (let at = 0; at < 60; at += 1) drafts.keep(`c${at}`, { text: String(at), isNote: false });
  expect(drafts.of('c9')).toBe(EMPTY_DRAFT);
  expect(drafts.of('c10').text).toBe('10');
  expect(drafts.of('c59').text).toBe('59');
});

test.each(['not JSON', '{}', '[1,[2,3],["c1",null],["c1",{"text":5}]]'])(
  '%s on the shelf does no harm',
  (rubbish) => {
    expect(new Drafts(shelf({ 'roost.drafts.u1': rubbish }), 'u1').of('c1')).toBe(EMPTY_DRAFT);
  },
);

test('without a shelf, or with a full one, nothing is kept and nothing breaks', () => {
  new Drafts(null, 'u1').keep('c1', { text: 'x', isNote: false });
  const full: Shelf = {
    getItem: () => null,
    setItem: () => {
      throw new Error('QuotaExceededError');
    },
    removeItem: () => {},
  };
  const drafts = new Drafts(full, 'u1');
  drafts.keep('c1', { text: 'x', isNote: false });
  expect(drafts.of('c1')).toBe(EMPTY_DRAFT);
});
