import { describe, expect, test } from 'vitest';
import { conversation } from '../testing/rows.ts';
import { isInPlace, keyOf, placeOf, viewOf } from './places.ts';

describe('the address bar names a place', () => {
  test.each([
    [{}, {}],
    [{ view: 'open' }, {}],
    [
      { view: 'mine', inbox: 'i1' },
      { view: 'mine', inbox: 'i1' },
    ],
    [{ view: 'unread' }, { view: 'unread' }],
    [{ view: 'elsewhere', label: '' }, {}],
    [{ label: 'vip', more: 'x' }, { label: 'vip' }],
  ])('%o', (search, place) => {
    expect(placeOf(search)).toEqual(place);
  });

  test('open is open, said or not', () => {
    expect(keyOf({ view: 'open' })).toBe(keyOf({}));
  });

  test('what is unread is no view of the server', () => {
    expect(viewOf({ view: 'unread' })).toBeNull();
    expect(viewOf({})).toBe('open');
  });
});

describe('isInPlace', () => {
  const mine = conversation({ assignee_id: 'u1', inbox_id: 'i1', labels: ['vip'] });
  test.each([
    [{}, true],
    [{ view: 'mine' }, true],
    [{ view: 'unassigned' }, false],
    [{ view: 'closed' }, false],
    [{ view: 'unread' }, true],
    [{ inbox: 'i1' }, true],
    [{ inbox: 'i2' }, false],
    [{ label: 'vip' }, true],
    [{ view: 'all', label: 'other' }, false],
  ] as const)('%o holds it: %s', (place, holds) => {
    expect(isInPlace(place, 'u1')(mine)).toBe(holds);
  });

  test('direct conversations stand in none', () => {
    expect(isInPlace({ view: 'all' }, 'u1')(conversation({ kind: 'direct' }))).toBe(false);
  });
});
