import { expect, test } from 'vitest';
import { SessionKeys } from './session-key.ts';

const keys = new SessionKeys('k'.repeat(43));
const session = { session_id: '0000000030009ujkjupm', seed: 's'.repeat(43) };

test('a key says which session it is of, how old it is, and that we made it', () => {
  const given = keys.read(keys.make(session, 2_880));
  expect(given).toMatchObject({ session_id: session.session_id, generation: 2_880 });
  expect(given && keys.isGenuine(given, session)).toBe(true);
});

test('the same key is made again, and every generation has another', () => {
  expect(keys.make(session, 1)).toBe(keys.make(session, 1));
  expect(keys.make(session, 1).split('.')[2]).not.toBe(keys.make(session, 2).split('.')[2]);
});

test.each([
  ['of another session', keys.make({ ...session, seed: 't'.repeat(43) }, 1)],
  ['of another server', new SessionKeys('l'.repeat(43)).make(session, 1)],
  ['with another age written on it', keys.make(session, 1).replace('.1.', '.2.')],
])('one %s is not genuine', (_what, key) => {
  const given = keys.read(key);
  expect(given && keys.isGenuine(given, session)).toBe(false);
});

test.each([
  '',
  'abc',
  `abc.${'x'.repeat(43)}`,
  `abc.-1.${'x'.repeat(43)}`,
  `a.0.${'x'.repeat(44)}`,
  `A.0.${'x'.repeat(43)}`,
])('“%s” cannot be one', (key) => {
  expect(keys.read(key)).toBeNull();
});
