import { limits } from '@roost/protocol';
import { expect, test } from 'vitest';
import { Front } from './testing/front.ts';

const SESSION = '000000001000s';

test('[A3] a connection ends within a second of its token’s end', async () => {
  const front = new Front();
  const { wire, greet } = front.visit();
  await greet(`ann:${SESSION}:20000`);
  await front.clock.advance(19_000);
  expect(wire.closedWith).toBeNull();
  await front.clock.advance(2_000);
  expect([wire.take().at(-1), wire.closedWith]).toMatchObject([
    { code: 'token.invalid', remedy: 'sign-in' },
    4002,
  ]);
});

test('[A3] a fresh token, shown by auth, lets it live on without closing', async () => {
  const front = new Front();
  const { wire, greet, say } = front.visit();
  await greet(`ann:${SESSION}:20000`);
  await front.clock.advance(10_000);
  await say({ type: 'auth', id: 'a1', token: `ann:${SESSION}:40000` });
  await front.clock.advance(30_000);
  expect(wire.closedWith).toBeNull();
  await say({ type: 'pong' });
  await front.clock.advance(12_000);
  expect(wire.closedWith).toBe(4002);
});

test('[A3] an end that nobody told this node of is found within five minutes', async () => {
  const front = new Front();
  const { wire, greet, say } = front.visit();
  await greet();
  front.endToken('ann');
  for (let passed = 0; passed < limits.TOKEN_RECHECK_MS; passed += limits.HEARTBEAT_MS) {
    await say({ type: 'pong' });
    await front.clock.advance(limits.HEARTBEAT_MS);
  }
  expect(wire.closedWith).toBe(4002);
  expect(front.gateway.connectionCount).toBe(0);
});
