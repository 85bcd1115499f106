import { expect, test } from 'vitest';
import { keepFresh } from './renewal.ts';
import { FakeClock } from './testing/fake-clock.ts';

const MINUTE_MS = 60_000;

function jwt(claims: object): { text: string } {
  return { text: `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s` };
}

function build(first: (nowS: number) => { text: string }, lifeS = 900) {
  const clock = new FakeClock();
  const begin = clock.now();
  const shown: number[] = [];
  const asked: number[] = [];
  let fails = 0;
  const seconds = () => Math.floor(clock.now() / 1000);
  const end = keepFresh(first(seconds()), {
    clock,
    random: () => 0.5,
    renew: async () => {
      asked.push((clock.now() - begin) / MINUTE_MS);
      if (fails-- > 0) throw new Error('not now');
      return jwt({ iat: seconds(), exp: seconds() + lifeS });
    },
    show: () => shown.push((clock.now() - begin) / MINUTE_MS),
  });
  return {
    clock,
    shown,
    asked,
    end,
    fail: (times: number) => {
      fails = times;
    },
  };
}

test('a token of fifteen minutes is renewed after about ten, and again', async () => {
  const { clock, shown } = build((now) => jwt({ iat: now, exp: now + 900 }));
  await clock.advance(22 * MINUTE_MS);
  expect(shown).toEqual([10.5, 21]);
});

test('one that has been in use for a while is renewed sooner', async () => {
  const { clock, shown } = build((now) => jwt({ iat: now - 600, exp: now + 300 }));
  await clock.advance(4 * MINUTE_MS);
  expect(shown).toEqual([3.5]);
});

test.each([
  ['ahead', 3_600, 5 / 60],
  ['behind', -3_600, 10.5],
])('a clock that is an hour %s costs one early renewal at most', async (_, skewS, first) => {
  const { clock, shown } = build((now) => jwt({ iat: now - skewS, exp: now - skewS + 900 }));
  await clock.advance(20 * MINUTE_MS);
  expect(shown[0]).toBeCloseTo(first, 5);
  expect(shown.length).toBeLessThanOrEqual(2);
});

test('an app that has none at the moment is asked again before the old one runs out', async () => {
  const { clock, shown, asked, fail } = build((now) => jwt({ iat: now, exp: now + 900 }));
  fail(2);
  await clock.advance(15 * MINUTE_MS);
  expect(asked.slice(0, 3)).toEqual([10.5, 13.65, 14.595]);
  expect(shown).toEqual([14.595]);
});

test.each([
  ['an API token', 'rst_4f0a'],
  ['nothing but dots', '..'],
  ['no number', jwt({ exp: 'soon' }).text],
])('%s says nothing of its end, and is never renewed', async (_, text) => {
  const { clock, asked } = build(() => ({ text }));
  expect(clock.pendingCount).toBe(0);
  await clock.advance(60 * MINUTE_MS);
  expect(asked).toEqual([]);
});

test('without a beginning the end alone counts; beyond a browser’s longest timer it is waited for in parts', async () => {
  const { clock, shown } = build((now) => jwt({ exp: now + 100 * 86_400 }));
  await clock.advance(2 ** 31);
  expect(shown).toHaveLength(1);
});

test('with the connection it ends, whatever is under way', async () => {
  const { clock, shown, end } = build((now) => jwt({ iat: now, exp: now + 900 }));
  await clock.advance(10.5 * MINUTE_MS - 1);
  end();
  await clock.advance(60 * MINUTE_MS);
  expect([shown, clock.pendingCount]).toEqual([[], 0]);
});
