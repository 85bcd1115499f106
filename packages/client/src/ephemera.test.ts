import type { UpFrameInput } from '@roost/protocol';
import { expect, test } from 'vitest';
import { Ephemera } from './ephemera.ts';
import { FakeClock } from './testing/fake-clock.ts';

const nothing = () => {};

function build() {
  const clock = new FakeClock();
  const sent: UpFrameInput[] = [];
  const page = { isVisible: true };
  const isVisible = () => page.isVisible;
  const ephemera = new Ephemera({ clock, report: nothing, releaseDelayMs: 100, isVisible });
  const connect = () => ephemera.connected((frame) => void sent.push(frame));
  const online = (user_id: string, lifetime_ms = 50_000) =>
    ephemera.take({ type: 'presence', user_id, state: 'online', lifetime_ms });
  const typing = (user_id: string, scope = 'inbox', lifetime_ms = 6_000) =>
    ephemera.take({ type: 'typing', scope, user_id, lifetime_ms });
  const here = () => ephemera.presence.getSnapshot().map(({ user_id }) => user_id);
  return { clock, sent, page, ephemera, connect, online, typing, here };
}

test('[P1] who is here is here until their time is over, or they say that they leave', async () => {
  const { clock, ephemera, online, here } = build();
  online('ana');
  await clock.advance(20_000);
  online('bob');
  expect(here()).toEqual(['ana', 'bob']);
  expect(ephemera.presence.getSnapshot()[1]?.until).toBe(clock.now() + 50_000);
  await clock.advance(30_000);
  expect(here()).toEqual(['bob']);
  ephemera.take({ type: 'presence', user_id: 'bob', state: 'offline', lifetime_ms: 0 });
  ephemera.take({ type: 'presence', user_id: 'bob', state: 'offline', lifetime_ms: 0 });
  expect([here(), clock.pendingCount]).toEqual([[], 0]);
});

test('said again, it holds for longer', async () => {
  const { clock, online, here } = build();
  online('ana');
  await clock.advance(40_000);
  online('ana');
  await clock.advance(40_000);
  expect(here()).toEqual(['ana']);
});

test('a server that promises for ever is believed for five minutes', async () => {
  const { clock, online, here } = build();
  online('ana', Number.MAX_SAFE_INTEGER);
  await clock.advance(300_000);
  expect(here()).toEqual([]);
});

test('nothing outlives a clock that is set back by more than five minutes', async () => {
  const { clock, online, here } = build();
  online('ana');
  clock.jump(-3_600_000);
  await clock.advance(4_000_000);
  expect(here()).toEqual([]);
});

test('of far too many people the last are remembered', () => {
  const { online, here } = build();
  for (let n = 0; n < 2_100; n += 1) online(`u${n}`);
  expect(here()).toHaveLength(2_000);
  expect(here()[0]).toBe('u100');
});

test('presence is asked for while somebody listens and the connection is live', async () => {
  const { clock, sent, ephemera, connect } = build();
  const leave = ephemera.presence.subscribe(nothing);
  expect(sent).toEqual([]);
  connect();
  expect(sent.splice(0)).toEqual([{ type: 'subscribe', id: 'presence', channel: 'presence' }]);
  ephemera.connected(null);
  connect();
  expect(sent.splice(0)).toHaveLength(1);
  leave();
  const again = ephemera.presence.subscribe(nothing);
  await clock.advance(200);
  expect(sent).toEqual([]); // back in time
  again();
  await clock.advance(200);
  expect(sent.splice(0)).toEqual([{ type: 'unsubscribe', id: 'presence' }]);
});

test('typing is told by scope and forgotten by itself', async () => {
  const { clock, ephemera, typing } = build();
  const inbox = ephemera.typing('inbox');
  expect(ephemera.typing('inbox')).toBe(inbox);
  typing('carl');
  typing('bob');
  typing('dan', 'message:1');
  expect(inbox.getSnapshot()).toEqual(['bob', 'carl']);
  await clock.advance(6_000);
  expect(inbox.getSnapshot()).toEqual([]);
});

test('scopes are bounded', () => {
  const { ephemera, typing } = build();
  const first = ephemera.typing('s0');
  for (let n = 1; n <= 250; n += 1) typing('bob', `s${n}`);
  expect(ephemera.typing('s0')).not.toBe(first);
});

test('I am typing is said every three seconds, and only where somebody hears it', async () => {
  const { clock, sent, ephemera, connect } = build();
  ephemera.sendTyping('inbox');
  expect(sent).toEqual([]);
  connect();
  for (let key = 0; key < 10; key += 1) ephemera.sendTyping('inbox');
  ephemera.sendTyping('message:1');
  expect(sent.splice(0)).toEqual([
    { type: 'typing', scope: 'inbox' },
    { type: 'typing', scope: 'message:1' },
  ]);
  await clock.advance(3_000);
  ephemera.sendTyping('inbox');
  expect(sent).toHaveLength(1);
});

test('[P1] who has a channel open is told apart from who is here', async () => {
  const { clock, ephemera, online, here } = build();
  const scope = 'thread:c1';
  const inThread = ephemera.presenceIn(scope);
  online('ana');
  ephemera.take({ type: 'presence', user_id: 'bob', state: 'online', scope, lifetime_ms: 50_000 });
  ephemera.take({ type: 'presence', user_id: 'carl', state: 'away', scope, lifetime_ms: 50_000 });
  expect(here()).toEqual(['ana']);
  const until = clock.now() + 50_000;
  expect(inThread.getSnapshot()).toEqual([
    { user_id: 'bob', state: 'online', until },
    { user_id: 'carl', state: 'away', until },
  ]);
  ephemera.take({ type: 'presence', user_id: 'bob', state: 'offline', scope, lifetime_ms: 0 });
  expect(inThread.getSnapshot().map(({ user_id }) => user_id)).toEqual(['carl']);
  await clock.advance(50_000);
  expect([inThread.getSnapshot(), here()]).toEqual([[], []]);
});

test('who no longer looks says so, once, and again on every connection', () => {
  const { sent, page, ephemera, connect } = build();
  page.isVisible = false;
  ephemera.looked();
  expect(sent).toEqual([]);
  connect();
  ephemera.looked();
  expect(sent.splice(0)).toEqual([{ type: 'presence', state: 'away' }]);
  connect();
  expect(sent.splice(0)).toEqual([{ type: 'presence', state: 'away' }]);
  page.isVisible = true;
  ephemera.looked();
  expect(sent.splice(0)).toEqual([{ type: 'presence', state: 'online' }]);
  connect();
  expect(sent).toEqual([]); // a connection begins with somebody who looks
});

test('a scope that no frame may carry is not told', () => {
  const { sent, ephemera, connect } = build();
  connect();
  ephemera.sendTyping('x'.repeat(201));
  expect(sent).toEqual([]);
});
