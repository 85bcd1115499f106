import { Failure } from '@roost/protocol';
import { describe, expect, test } from 'vitest';
import { Passwords } from './passwords.ts';

describe('passwords', () => {
  test('are kept by argon2id, each with a salt of its own', async () => {
    const passwords = new Passwords();
    const [one, other] = await Promise.all([
      passwords.hash('correct horse'),
      passwords.hash('correct horse'),
    ]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(one).not.toBe(other);
    expect(await passwords.verify(one, 'correct horse')).toBe(true);
    expect(await passwords.verify(one, 'Correct horse')).toBe(false);
  });

  test('nobody signs in where there is none, not even by the words we compare with instead', async () => {
    const passwords = new Passwords();
    expect(await passwords.verify(null, 'nobody has this password')).toBe(false);
    expect(await passwords.verify(null, '')).toBe(false);
  });

  test('an account that does not exist takes as long as one that does', async () => {
    const passwords = new Passwords();
    const stored = await passwords.hash('right');
    await passwords.verify(null, 'warm up');
    const unknownMs = await median(() => passwords.verify(null, 'wrong'));
    const knownMs = await median(() => passwords.verify(stored, 'wrong'));
    expect(unknownMs).toBeGreaterThan(knownMs / 3);
  });

  test('past a bound nobody waits for one any more', async () => {
    const passwords = new Passwords();
    const settled = await Promise.allSettled(Array.from({ length: 110 }, () => passwords.hash('x')));
    const refused = settled.filter((one) => one.status === 'rejected');
    expect(refused).toHaveLength(110 - 102);
    expect(
      refused.every(({ reason }) => reason instanceof Failure && reason.code === 'request.too_many'),
    ).toBe(true);
    expect(await passwords.hash('later')).toMatch(/^\$argon2id/);
  });
});

async function median(run: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let at = 0; at < 7; at += 1) {
    const startedAt = performance.now();
    await run();
    times.push(performance.now() - startedAt);
  }
  return times.sort((a, b) => a - b)[3] as number;
}
