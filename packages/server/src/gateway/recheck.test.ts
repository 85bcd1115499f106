import { Failure, limits } from '@roost/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { ManualClock } from '../commands/testing/manual-clock.ts';
import type { Principal } from './needs.ts';
import { type Checked, Recheck } from './recheck.ts';

class Held implements Checked {
  isOpen = true;
  failedWith: string | null = null;
  principal: Principal | null;

  constructor(
    public token: string,
    expires_at: number | null = null,
  ) {
    const actor = { kind: 'member', user_id: 'ann', session_id: 's1' } as const;
    this.principal = { org: 'o1', user_id: 'ann', actor, session_id: 's1', expires_at };
  }

  fail({ code }: Failure): void {
    this.failedWith = code;
    this.isOpen = false;
  }

  renewed(principal: Principal): void {
    this.principal = principal;
  }
}

let clock: ManualClock;
let asked: string[];
let answer: (token: string) => Promise<Principal>;
let recheck: Recheck<Held>;
beforeEach(() => {
  clock = new ManualClock();
  asked = [];
  answer = async () => new Held('').principal as Principal;
  recheck = new Recheck(
    (token) => {
      asked.push(token ?? '');
      return answer(token ?? '');
    },
    clock,
    () => 0,
  );
});

/** Time passes, a tick each second; what was asked is answered in between. */
async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 1_000) {
    clock.advance(Math.min(1_000, ms - passed));
    recheck.tick();
    await new Promise(setImmediate);
  }
}

describe('[A3] a token is looked at again', () => {
  test('every five minutes, for as long as the connection stands', async () => {
    const held = new Held('t');
    recheck.watch(held);
    await pass(limits.TOKEN_RECHECK_MS - 1_000);
    expect(asked).toEqual([]);
    await pass(2_000);
    expect(asked).toEqual(['t']);
    await pass(2 * limits.TOKEN_RECHECK_MS + 5_000);
    expect(asked).toHaveLength(3);
    recheck.forget(held);
    await pass(2 * limits.TOKEN_RECHECK_MS);
    expect(asked).toHaveLength(3);
  });

  test('within a second of its end, which needs nobody to be asked', async () => {
    const held = new Held('t', clock.now() + 90_500);
    recheck.watch(held);
    await pass(90_000);
    expect(held.failedWith).toBeNull();
    await pass(2_000);
    expect(held.failedWith).toBe('token.invalid');
    expect(asked).toEqual([]);
  });

  test('and one that is refused ends the connection with the reason', async () => {
    const held = new Held('t');
    answer = () => Promise.reject(new Failure('access.forbidden'));
    recheck.watch(held);
    await pass(limits.TOKEN_RECHECK_MS + 2_000);
    expect(held.failedWith).toBe('access.forbidden');
  });

  test('another one shown meanwhile counts from when it was shown', async () => {
    const held = new Held('old', clock.now() + 60_000);
    recheck.watch(held);
    await pass(50_000);
    held.token = 'new';
    held.principal = new Held('', clock.now() + 900_000).principal;
    recheck.watch(held);
    await pass(60_000);
    expect(held.failedWith).toBeNull();
    await pass(limits.TOKEN_RECHECK_MS);
    expect(asked).toEqual(['new']);
  });

  test('a store that does not answer ends nobody’s connection, and is asked again', async () => {
    const held = new Held('t');
    answer = () => Promise.reject(new Failure('store.unavailable'));
    recheck.watch(held);
    await pass(limits.TOKEN_RECHECK_MS + 40_000);
    expect(held.failedWith).toBeNull();
    expect(asked.length).toBeGreaterThan(1);
  });

  test('a refusal of a token that was replaced while it was asked about ends nothing', async () => {
    const held = new Held('old');
    let refuse = () => {};
    answer = () =>
      new Promise((_, reject) => {
        refuse = () => reject(new Failure('token.invalid'));
      });
    recheck.watch(held);
    await pass(limits.TOKEN_RECHECK_MS + 1_000);
    held.token = 'new';
    refuse();
    await new Promise(setImmediate);
    expect(held.failedWith).toBeNull();
  });

  test('also when the wall clock stepped back or far ahead', async () => {
    const held = new Held('t', clock.now() + 100_000);
    recheck.watch(held);
    clock.advance(-3_600_000);
    recheck.tick();
    expect(held.failedWith).toBeNull();
    clock.advance(400_000_000);
    recheck.tick();
    expect(held.failedWith).toBe('token.invalid');
  });
});
