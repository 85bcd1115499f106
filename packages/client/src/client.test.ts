import { formatArrival } from '@roost/protocol';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createClient } from './client.ts';
import { ClientError } from './client-error.ts';
import { FakeSocket } from './testing/fake-socket.ts';
import { World } from './testing/world.ts';

describe('starting', () => {
  test('a list shows its rows, newest first, once the server has answered', async () => {
    const world = new World();
    world.server.log.deliver('first');
    world.server.log.deliver('second');
    const inbox = world.open('inbox');
    expect(inbox.state).toMatchObject({ isLoading: true, rows: [], cursor: null });
    await world.live();
    expect(inbox.subjects).toEqual(['second', 'first']);
    expect(inbox.state).toMatchObject({ isLoading: false, hasMore: false, error: null, cursor: 'e1.3' });
    expect(world.states).toEqual(['idle', 'connecting', 'authenticating', 'catching-up', 'live']);
  });

  test('nothing happens before start, not even by retry', async () => {
    const world = new World();
    world.open('inbox');
    world.client.retry();
    await world.advance(60_000);
    expect(world.network.sockets).toHaveLength(0);
    expect(world.status).toMatchObject({ state: 'idle', lastCurrentAt: null, retryAt: null });
  });

  test('the hello carries the token and the lists; the socket is asked for by our subprotocol', async () => {
    const world = new World();
    world.open('inbox', { filter: ' Bob ', limit: 20 });
    await world.live();
    const { url, protocol, sent } = world.network.last;
    expect([url, protocol]).toEqual(['ws://roost.test/api/v1/ws', 'roost.v1']);
    expect(sent[0]).toEqual({
      type: 'hello',
      token: 'token-1',
      subscriptions: [{ id: 's1', channel: 'inbox', params: { filter: 'Bob', limit: 20 } }],
    });
  });

  test('a list opened while live is subscribed at once', async () => {
    const world = new World();
    world.server.log.deliver('first');
    await world.live();
    const inbox = world.open('inbox');
    await world.advance(50);
    expect(inbox.subjects).toEqual(['first']);
  });

  test('stop ends everything that was going on, and start begins again', async () => {
    const world = new World();
    const inbox = world.open('inbox');
    await world.live();
    world.client.stop();
    expect(world.status).toMatchObject({ state: 'stopped', reason: 'Stopped.' });
    expect(world.network.last.isClosed).toBe(true);
    expect(world.surroundings.watcherCount).toBe(0);
    world.server.log.deliver('while stopped');
    await world.advance(120_000);
    expect(world.network.sockets).toHaveLength(1);
    expect(inbox.subjects).toEqual([]);
    world.client.start();
    await world.advance(100);
    expect(world.status.state).toBe('live');
    expect(inbox.subjects).toEqual(['while stopped']);
  });
});

describe('changes', () => {
  test('what arrives, changes and goes shows at once', async () => {
    const world = new World();
    const inbox = world.open('inbox');
    await world.live();
    const first = world.server.log.deliver('first');
    world.server.log.deliver('second');
    await world.advance(20);
    expect(inbox.subjects).toEqual(['second', 'first']);
    world.server.log.edit(first, { subject: 'edited' });
    await world.advance(20);
    expect(inbox.subjects).toEqual(['second', 'edited']);
    world.server.log.remove(first);
    await world.advance(20);
    expect(inbox.subjects).toEqual(['second']);
  });

  test('lists that change together are told together: no listener sees one without the other', async () => {
    const world = new World();
    const all = world.open('inbox');
    const bob = world.open('inbox', { filter: 'bob' });
    await world.live();
    const seen: [number, number][] = [];
    const look = () => seen.push([all.state.rows.length, bob.state.rows.length]);
    all.list.subscribe(look);
    bob.list.subscribe(look);
    world.server.log.deliver('one');
    await world.advance(20);
    expect(seen).toEqual([
      [1, 1],
      [1, 1],
    ]);
  });

  test('a listener that throws is reported, and disturbs nobody', async () => {
    const world = new World();
    const list = world.client.list('inbox');
    list.subscribe(() => {
      throw new Error('mine');
    });
    const inbox = world.open('inbox');
    world.client.status.subscribe(() => {
      throw new Error('mine too');
    });
    await world.live();
    world.server.log.deliver('first');
    await world.advance(20);
    expect(inbox.subjects).toEqual(['first']);
    expect(world.status.state).toBe('live');
    expect(world.thrown.length).toBeGreaterThan(1);
  });

  test('my own row and what I have not read follow the log [U1]', async () => {
    const world = new World();
    const changes: number[] = [];
    const { unreadMail: unread, me } = world.client;
    const leave = unread.subscribe(() => changes.push(unread.getSnapshot().count));
    expect(unread.getSnapshot()).toEqual({ count: 0, atLeast: false });
    await world.live();
    world.server.log.deliver('first');
    world.server.log.deliver('second');
    await world.advance(20);
    expect(me.getSnapshot().rows[0]?.name).toBe('Ana');
    expect(unread.getSnapshot()).toEqual({ count: 2, atLeast: false });
    expect(unread.getSnapshot()).toBe(unread.getSnapshot());
    await expect(soon(world, world.client.read(2))).resolves.toEqual({ offset: 4 });
    await world.advance(20);
    expect(unread.getSnapshot()).toEqual({ count: 1, atLeast: false });
    leave();
    expect(changes.length).toBeGreaterThan(0);
  });
});

describe('losing the connection', () => {
  test('[R4] a reader cut off shows each message once, in order, and asks only for what it missed', async () => {
    const world = new World();
    const inbox = world.open('inbox');
    world.server.log.deliver('m1');
    await world.live();
    await world.advance(10_000);
    world.server.cutAll();
    world.server.log.deliver('m2');
    world.server.log.deliver('m3');
    expect(inbox.subjects).toEqual(['m1']); // what was shown stays
    await world.advance(1_000);
    expect(inbox.subjects).toEqual(['m3', 'm2', 'm1']);
    expect(world.network.last.sentOf('hello')[0]?.cursor).toBe('e1.2');
    expect(world.states.slice(-5)).toEqual([
      'waiting',
      'connecting',
      'authenticating',
      'catching-up',
      'live',
    ]);
  });

  test('the status says since when the screen may be old', async () => {
    const world = new World();
    world.open('inbox');
    await world.live();
    await world.advance(10_000);
    world.server.log.deliver('last heard');
    await world.advance(5);
    const heardAt = world.clock.now();
    await world.advance(5_000);
    world.server.die();
    expect(world.status).toMatchObject({
      state: 'waiting',
      reason: 'The connection was lost.',
      since: world.clock.now(),
      lastCurrentAt: heardAt,
    });
    expect(world.status.retryAt).toBeGreaterThanOrEqual(world.clock.now());
    await world.advance(60_000);
    expect(world.status.lastCurrentAt).toBe(heardAt);
  });

  test('a cursor that the log does not know any more gets a snapshot', async () => {
    const world = new World();
    const inbox = world.open('inbox');
    const gone = world.server.log.deliver('gone');
    await world.live();
    world.server.cutAll();
    world.server.log.remove(gone);
    world.server.log.deliver('new');
    world.server.log.oldest = world.server.log.head;
    await world.advance(2_000);
    expect(inbox.subjects).toEqual(['new']);
  });

  test('a restored backup starts from snapshots, whatever the cursor was', async () => {
    const world = new World();
    const inbox = world.open('inbox');
    world.server.log.deliver('kept');
    await world.live();
    world.server.restore('e2');
    world.server.log.deliver('after');
    await world.advance(2_000);
    expect(inbox.subjects).toEqual(['after', 'kept']);
    expect(inbox.state.cursor).toBe('e2.3');
  });

  test('a peer that says nothing for too long is left for another connection', async () => {
    const world = new World();
    const inbox = world.open('inbox');
    await world.live();
    world.server.freezeAll();
    world.server.log.deliver('unheard');
    await world.advance(50_000);
    expect(world.status.state).toBe('live');
    await world.advance(10_000);
    expect(world.status.state).toBe('live');
    expect(inbox.subjects).toEqual(['unheard']);
    expect(world.network.sockets).toHaveLength(2);
  });

  test('heartbeats are answered and keep a quiet connection', async () => {
    const world = new World();
    world.open('inbox');
    await world.live();
    await world.advance(300_000);
    expect(world.network.sockets).toHaveLength(1);
    expect(world.network.last.sentOf('pong')).toHaveLength(12);
  });

  test('a server that does not answer is given up after five seconds', async () => {
    const world = new World();
    world.server.weather = 'silent';
    world.client.start();
    await world.advance(4_999);
    expect(world.status.state).toBe('connecting');
    await world.advance(1);
    expect(world.status).toMatchObject({ state: 'waiting', reason: 'The server did not answer in time.' });
  });

  test('an unreadable frame ends the connection, not the client', async () => {
    const world = new World();
    const inbox = world.open('inbox');
    await world.live();
    world.network.last.receiveRaw('{"type":"delta"}');
    expect(world.status.state).toBe('waiting');
    world.server.log.deliver('later');
    await world.advance(3_000);
    expect(inbox.subjects).toEqual(['later']);
  });

  test('frames of a kind from the future are ignored', async () => {
    const world = new World();
    world.open('inbox');
    await world.live();
    world.network.last.receiveRaw('{"type":"weather","event":"message:received"}');
    await world.advance(10);
    expect(world.status.state).toBe('live');
  });

  test('after a drain the client comes back when the server said', async () => {
    const world = new World();
    world.open('inbox');
    await world.live();
    world.server.drainAll(4_000);
    expect(world.status).toMatchObject({
      state: 'waiting',
      reason: 'The server is restarting.',
      retryAt: world.clock.now() + 4_000,
    });
    await world.advance(3_990);
    expect(world.network.sockets).toHaveLength(1);
    await world.advance(100);
    expect(world.status.state).toBe('live');
  });

  test('retry does not wait for the planned moment', async () => {
    const world = new World();
    world.open('inbox');
    await world.live();
    world.server.drainAll(60_000);
    world.client.retry();
    await world.advance(100);
    expect(world.status.state).toBe('live');
  });

  test('a connection that breaks again and again is tried ever more rarely, without end', async () => {
    const world = new World({ timing: { pollAfterFailures: Number.POSITIVE_INFINITY } });
    world.server.die();
    world.client.start();
    await world.advance(60_000);
    const inFirstMinute = world.network.sockets.length;
    await world.advance(3_600_000);
    const perMinute = (world.network.sockets.length - inFirstMinute) / 60;
    expect(inFirstMinute).toBeGreaterThan(5);
    expect(perMinute).toBeGreaterThan(2);
    expect(perMinute).toBeLessThan(6);
  });

  test('a server that drops every connection it greets is not hammered', async () => {
    const world = new World();
    world.open('inbox');
    world.client.status.subscribe(() => {
      if (world.status.state === 'live') world.server.cutAll();
    });
    world.client.start();
    await world.advance(600_000);
    expect(world.network.sockets.length).toBeLessThan(80);
  });
});

describe('the page and the device', () => {
  test('without network the client waits, and is back at once when there is one', async () => {
    const world = new World();
    world.open('inbox');
    await world.live();
    world.surroundings.goOffline();
    expect(world.status).toMatchObject({ state: 'offline', reason: 'This device is offline.' });
    expect(world.network.last.isClosed).toBe(true);
    await world.advance(20_000);
    world.surroundings.goOnline();
    await world.advance(100);
    expect(world.status.state).toBe('live');
  });

  test('another network is another chance: what failed before does not count', async () => {
    const world = new World();
    world.server.die();
    world.client.start();
    await world.advance(60_000);
    expect(world.client.inspect().failures).toBeGreaterThan(3);
    world.surroundings.goOffline();
    world.surroundings.goOnline();
    expect(world.client.inspect().failures).toBe(0);
  });

  test('a device that wrongly says it is offline is connected all the same', async () => {
    const world = new World();
    world.surroundings.online = false;
    world.client.start();
    await world.advance(100);
    expect(world.status.state).toBe('live');
    world.surroundings.goOffline();
    await world.advance(31_000);
    expect(world.status.state).toBe('live');
  });

  test('an attempt that fails on an offline device is not held against the server', async () => {
    const world = new World();
    world.surroundings.online = false;
    world.server.weather = 'refused';
    world.client.start();
    await world.advance(100);
    expect(world.status.state).toBe('offline');
    expect(world.client.inspect().failures).toBe(0);
  });

  test('looking at the page again tries at once', async () => {
    const world = new World();
    world.open('inbox');
    await world.live();
    world.surroundings.hide();
    world.server.drainAll(60_000);
    world.surroundings.show();
    await world.advance(100);
    expect(world.status.state).toBe('live');
  });

  test('after a sleep the old connection is not waited for', async () => {
    const world = new World();
    const inbox = world.open('inbox');
    await world.live();
    world.server.freezeAll();
    world.server.log.deliver('overnight');
    world.clock.jump(8 * 3_600_000);
    world.surroundings.show();
    await world.advance(100);
    expect(world.status.state).toBe('live');
    expect(inbox.subjects).toEqual(['overnight']);
  });

  test('looking away for a moment changes nothing', async () => {
    const world = new World();
    world.open('inbox');
    await world.live();
    world.surroundings.show();
    await world.advance(100);
    expect(world.network.sockets).toHaveLength(1);
  });
});

describe('tokens', () => {
  test('an expired token is replaced at once, and the rows stay', async () => {
    const world = new World();
    const inbox = world.open('inbox');
    world.server.log.deliver('first');
    await world.live();
    await world.advance(10_000);
    world.giveToken = async (reason) => (reason === 'expired' ? 'token-2' : 'token-1');
    world.server.refuseTokens('token-2');
    world.server.cutAll(4002);
    expect(world.status.state).toBe('connecting');
    expect(inbox.subjects).toEqual(['first']);
    await world.advance(50);
    expect(world.status.state).toBe('live');
    expect(world.asked).toEqual(['start', 'expired']);
  });

  test('an error about the token on an open connection does the same, before any close', async () => {
    const world = new World();
    await world.live();
    world.giveToken = async () => 'token-2';
    world.server.refuseTokens('token-2');
    const message = 'The token is not valid, or no longer.';
    world.server.tellAll({ type: 'error', code: 'token.invalid', message, remedy: 'sign-in' });
    await world.advance(50);
    expect(world.status.state).toBe('live');
    expect(world.asked).toEqual(['start', 'expired']);
  });

  test('a fresh token that is refused as well ends it, with the reason', async () => {
    const world = new World();
    world.server.refuseTokens();
    world.client.start();
    await world.advance(60_000);
    expect(world.status).toMatchObject({ state: 'stopped', reason: 'Refused: token.invalid.' });
    expect(world.asked).toEqual(['start', 'expired']);
    expect(world.network.sockets).toHaveLength(2);
  });

  test('after signing in again, start or retry goes on', async () => {
    const world = new World();
    world.server.refuseTokens();
    world.client.start();
    await world.advance(1_000);
    world.server.refuseTokens('token-1');
    world.client.retry();
    await world.advance(100);
    expect(world.status.state).toBe('live');
    expect(world.asked).toEqual(['start', 'expired', 'start']);
  });

  test.each([
    ['null', async () => null],
    ['nothing', async () => ''],
    ['a refusal', () => Promise.reject(Object.assign(new Error('x'), { code: 'token.invalid' }))],
  ])('an app that answers %s is signed out', async (_, giveToken) => {
    const world = new World();
    world.giveToken = giveToken;
    world.client.start();
    await world.advance(60_000);
    expect(world.status).toMatchObject({ state: 'stopped', reason: 'Sign in to go on.' });
    expect(world.asked).toEqual(['start']);
  });

  test.each([
    ['rejects', () => Promise.reject(new Error('no network'))],
    [
      'throws',
      () => {
        throw new Error('bug');
      },
    ],
    ['never answers', () => new Promise<never>(() => {})],
  ])('an app that %s is asked again later', async (_, giveToken) => {
    const world = new World();
    world.giveToken = giveToken;
    world.client.start();
    await world.advance(15_000);
    expect(world.status.state).not.toBe('stopped');
    world.giveToken = async () => 'token-1';
    await world.advance(30_000);
    expect(world.status.state).toBe('live');
  });

  test('a server that greets and then refuses every token is not hammered', async () => {
    const world = new World();
    world.client.status.subscribe(() => {
      if (world.status.state === 'live') world.server.cutAll(4002);
    });
    world.client.start();
    await world.advance(60_000);
    expect(world.network.sockets.length).toBeLessThan(30);
  });

  test('rows of one person are never shown to another', async () => {
    const world = new World();
    const inbox = world.open('inbox');
    world.server.log.deliver('for Ana');
    await world.live();
    world.client.stop();
    world.server.userId = 'u9';
    world.client.start();
    const before = inbox.shown.length;
    await world.advance(100);
    expect(inbox.shown[before]?.rows).toEqual([]);
    expect(world.status.state).toBe('live');
    expect(world.network.last.sentOf('hello')[0]?.cursor).toBeUndefined();
    expect(world.client.inspect().userId).toBe('u9');
  });
});

describe('close codes', () => {
  test.each([1000, 4003, 4008, 4013])('%i ends it for good', async (code) => {
    const world = new World();
    await world.live();
    world.server.cutAll(code);
    await world.advance(60_000);
    expect(world.status).toMatchObject({
      state: 'stopped',
      reason: `The server ended the connection (${code}).`,
    });
  });

  test.each([1001, 1006, 1012, 4000, 4009])('%i is tried again', async (code) => {
    const world = new World();
    await world.live();
    world.server.cutAll(code);
    await world.advance(5_000);
    expect(world.status.state).toBe('live');
  });

  test('what the server said before it closed is the reason', async () => {
    const world = new World();
    await world.live();
    const message = 'Pages of this origin may not connect.';
    world.server.tellAll({ type: 'error', code: 'request.wrong_origin', message, remedy: 'give-up' });
    world.server.cutAll(4003);
    expect(world.status.reason).toBe(message);
  });

  test('what it said long before is not', async () => {
    const world = new World();
    await world.live();
    const message = 'The log does not know this cursor; start from a snapshot.';
    world.server.tellAll({ type: 'error', code: 'cursor.unknown', message, remedy: 'resync' });
    await world.advance(30_000);
    world.server.cutAll();
    expect(world.status.reason).toBe('The connection was lost.');
  });
});

describe('where sockets do not pass', () => {
  test('after three failed attempts lists are polled, and stay current', async () => {
    const world = new World();
    world.server.log.deliver('before');
    const inbox = world.open('inbox');
    const me = world.open('me');
    world.server.blockSockets();
    world.client.start();
    await world.advance(10_000);
    expect(world.status).toMatchObject({
      state: 'polling',
      reason: 'No socket gets through; looking for news every few seconds.',
    });
    expect(inbox.subjects).toEqual(['before']);
    expect(me.ids).toEqual(['u1']);
    world.server.log.deliver('during');
    await world.advance(5_100);
    expect(inbox.subjects).toEqual(['during', 'before']);
    expect(world.status.lastCurrentAt).toBeGreaterThan(world.clock.now() - 5_200);
  });

  test('a poll without news reads no rows and still moves on', async () => {
    const world = new World();
    world.server.log.deliver('row');
    world.open('inbox');
    world.server.blockSockets();
    world.client.start();
    await world.advance(10_000);
    world.server.log.readUpTo(1);
    await world.advance(6_000);
    expect(world.server.requests.at(-1)?.status).toBe(304);
    expect(world.client.inspect().lists.find(({ channel }) => channel === 'inbox')?.position).toBe('e1.3');
  });

  test('when sockets pass again the client is live, and nothing was lost or doubled', async () => {
    const world = new World();
    const inbox = world.open('inbox');
    world.server.log.deliver('m1');
    world.server.blockSockets();
    world.client.start();
    await world.advance(10_000);
    world.server.log.deliver('m2');
    await world.advance(6_000);
    world.server.log.deliver('m3');
    world.server.recover();
    world.client.retry();
    await world.advance(100);
    expect(world.status.state).toBe('live');
    expect(inbox.subjects).toEqual(['m3', 'm2', 'm1']);
    const polls = world.client.inspect().counters.polls;
    world.server.log.deliver('m4');
    await world.advance(60_000);
    expect(inbox.subjects).toEqual(['m4', 'm3', 'm2', 'm1']);
    expect(world.client.inspect().counters.polls).toBe(polls);
  });

  test('sockets are tried in the background all the while, without a flicker', async () => {
    const world = new World();
    world.open('inbox');
    world.server.blockSockets();
    world.client.start();
    await world.advance(10_000);
    const { states } = world;
    const before = states.length;
    const since = world.status.since;
    const attempts = world.network.sockets.length;
    await world.advance(300_000);
    expect(states.length).toBe(before);
    expect(world.status.since).toBe(since);
    expect(world.network.sockets.length).toBeGreaterThan(attempts + 5);
    world.server.recover();
    await world.advance(31_000);
    expect(world.status.state).toBe('live');
  });

  test('coming back resumes from the oldest position of all lists', async () => {
    const world = new World();
    world.server.log.deliver('m1');
    const inbox = world.open('inbox');
    world.server.blockSockets();
    world.client.start();
    await world.advance(10_000);
    world.server.log.deliver('m2');
    const bob = world.open('inbox', { filter: 'bob' }); // polled now, the other not yet
    await world.advance(50);
    const positions = world.client.inspect().lists.map(({ position }) => position);
    expect(positions).toEqual(['e1.2', 'e1.3']);
    world.server.recover();
    world.client.retry();
    await world.advance(100);
    const [hello] = world.network.last.sentOf('hello');
    expect([hello?.cursor, hello?.subscriptions?.length]).toEqual(['e1.2', 2]);
    expect(inbox.subjects).toEqual(['m2', 'm1']);
    expect(bob.subjects).toEqual(['m2', 'm1']);
  });

  test('[D5] a row that came and went between the positions of two lists is gone from both', async () => {
    const world = new World();
    const inbox = world.open('inbox');
    world.server.blockSockets();
    world.client.start();
    await world.advance(10_000);
    const seen = world.server.log.deliver('came');
    const bob = world.open('inbox', { filter: 'bob' });
    await world.advance(50);
    expect([inbox.subjects, bob.subjects]).toEqual([[], ['came']]);
    world.server.log.remove(seen);
    world.server.recover();
    world.client.retry();
    await world.advance(100);
    expect([inbox.subjects, bob.subjects]).toEqual([[], []]);
  });

  test('a server that turned sockets off is polled, and asked again only rarely', async () => {
    const world = new World();
    world.server.socketsAllowed = false;
    world.server.log.deliver('m1');
    const inbox = world.open('inbox');
    world.client.start();
    await world.advance(200);
    expect(world.status).toMatchObject({ state: 'polling', reason: 'Refused: sockets.disabled.' });
    expect(inbox.subjects).toEqual(['m1']);
    await world.advance(290_000);
    expect(world.network.sockets).toHaveLength(1);
    await world.advance(20_000);
    expect(world.network.sockets).toHaveLength(2);
  });

  test('where polls do not pass either, nobody is told that they do', async () => {
    const world = new World();
    world.open('inbox');
    await world.live();
    await world.advance(6_000);
    world.server.die();
    await world.advance(60_000);
    expect(world.client.inspect().state).toMatch(/polling|probing/);
    expect(world.status).toMatchObject({ state: 'waiting', reason: 'The server cannot be reached.' });
    expect(world.states).not.toContain('polling');
    world.server.httpWeather = 'fair';
    await world.advance(31_000);
    expect(world.status.state).toBe('polling');
  });

  test('polls are rarer while nobody looks, and one is made at once when somebody does', async () => {
    const world = new World();
    const inbox = world.open('inbox');
    world.server.blockSockets();
    world.surroundings.hide();
    world.client.start();
    await world.advance(10_000);
    const { polls } = world.client.inspect().counters;
    await world.advance(60_000);
    expect(world.client.inspect().counters.polls - polls).toBeLessThanOrEqual(4);
    world.server.log.deliver('unseen');
    world.surroundings.show();
    await world.advance(50);
    expect(inbox.subjects).toEqual(['unseen']);
  });

  test('a token that expires is replaced while polling', async () => {
    const world = new World();
    const inbox = world.open('inbox');
    world.server.blockSockets();
    world.client.start();
    await world.advance(10_000);
    let renewed = 'token-1';
    world.giveToken = async (reason) => {
      if (reason === 'expired') renewed = 'token-2';
      return renewed;
    };
    world.server.refuseTokens('token-2');
    world.server.log.deliver('after');
    await world.advance(6_000);
    expect(inbox.subjects).toEqual(['after']);
    expect(world.asked.filter((reason) => reason === 'expired')).toHaveLength(1);
  });

  test('a fresh token refused by a poll ends it', async () => {
    const world = new World();
    world.open('inbox');
    world.server.blockSockets();
    world.client.start();
    await world.advance(10_000);
    world.server.refuseTokens();
    await world.advance(6_000);
    expect(world.status).toMatchObject({ state: 'stopped', reason: 'token.invalid.' });
  });

  test('a cursor from another log, while polling, starts the list from its top', async () => {
    const world = new World();
    const inbox = world.open('inbox');
    world.server.log.deliver('kept');
    world.server.blockSockets();
    world.client.start();
    await world.advance(10_000);
    world.server.restore('e2');
    await world.advance(6_000);
    expect(inbox.state).toMatchObject({ cursor: 'e2.2' });
    expect(inbox.subjects).toEqual(['kept']);
  });

  test('a read goes over HTTP', async () => {
    const world = new World();
    world.server.blockSockets();
    world.client.start();
    await world.advance(10_000);
    await expect(soon(world, world.client.read(1))).resolves.toEqual({ offset: 2 });
    expect(world.server.requests.at(-1)?.url).toBe('http://roost.test/api/v1/me/read');
  });

  test('a list that the server does not have says so, and the others go on', async () => {
    const world = new World();
    const message = world.open('message:nope');
    const inbox = world.open('inbox');
    world.server.blockSockets();
    world.client.start();
    await world.advance(10_000);
    expect(message.state).toMatchObject({ isLoading: false, error: { code: 'message.unknown' } });
    world.server.log.deliver('still here');
    await world.advance(6_000);
    expect(inbox.subjects).toEqual(['still here']);
    expect(world.server.requests.filter(({ url }) => url.includes('nope'))).toHaveLength(1);
  });
});

describe('older rows', () => {
  test.each([
    ['over the socket', false],
    ['over HTTP where sockets do not pass', true],
  ])('come page by page, %s', async (_, isBlocked) => {
    const world = new World();
    for (let n = 1; n <= 25; n += 1) world.server.log.deliver(`m${n}`);
    const inbox = world.open('inbox', { limit: 10 });
    if (isBlocked) world.server.blockSockets();
    await world.live();
    await world.advance(10_000);
    expect(inbox.state).toMatchObject({ hasMore: true });
    expect(inbox.ids).toHaveLength(10);
    const first = inbox.list.fetchMore();
    expect(inbox.list.fetchMore()).toBe(first);
    expect(inbox.state.isFetchingMore).toBe(true);
    await soon(world, first);
    expect(inbox.ids).toHaveLength(20);
    expect(inbox.state).toMatchObject({ hasMore: true, isFetchingMore: false });
    await soon(world, inbox.list.fetchMore());
    expect(inbox.ids).toEqual(world.server.log.truth('inbox').map(({ id }) => id));
    expect(inbox.state.hasMore).toBe(false);
    await inbox.list.fetchMore();
  });

  test('are fetched as of where the list stands, even while it changes', async () => {
    const world = new World();
    const ids = Array.from({ length: 20 }, (__, n) => world.server.log.deliver(`m${n}`));
    const inbox = world.open('inbox', { limit: 10 });
    await world.live();
    const more = inbox.list.fetchMore();
    world.server.log.remove(ids[3] as string);
    world.server.log.edit(ids[5] as string, { subject: 'edited' });
    world.server.log.deliver('new');
    await soon(world, more);
    await world.advance(50);
    expect(inbox.state.rows).toEqual(world.server.log.truth('inbox'));
  });

  test('[S6] over HTTP come with what happened since, so that the list shows one moment', async () => {
    const world = new World();
    const ids = Array.from({ length: 20 }, (__, n) => world.server.log.deliver(`m${n}`));
    const inbox = world.open('inbox', { limit: 10 });
    world.server.blockSockets();
    await world.live();
    await world.advance(10_000);
    world.server.log.remove(ids[19] as string);
    world.server.log.edit(ids[5] as string, { subject: 'edited' });
    await soon(world, inbox.list.fetchMore());
    expect(inbox.state.rows).toEqual(world.server.log.truth('inbox'));
  });

  test('that cannot be had fail with a reason, which the next success clears', async () => {
    const world = new World();
    for (let n = 1; n <= 15; n += 1) world.server.log.deliver(`m${n}`);
    const inbox = world.open('inbox', { limit: 10 });
    await world.live();
    const more = inbox.list.fetchMore();
    world.server.die();
    await expect(more).rejects.toMatchObject({ code: 'connection.lost', remedy: 'retry' });
    expect(inbox.state.error).toBeInstanceOf(ClientError);
    expect(inbox.ids).toHaveLength(10);
    await expect(soon(world, inbox.list.fetchMore())).rejects.toMatchObject({ code: 'connection.lost' });
    world.server.recover();
    await world.advance(40_000);
    await soon(world, inbox.list.fetchMore());
    expect(inbox.state.error).toBeNull();
    expect(inbox.ids).toHaveLength(15);
  });

  test('that are not answered fail after ten seconds', async () => {
    const world = new World();
    for (let n = 1; n <= 15; n += 1) world.server.log.deliver(`m${n}`);
    const inbox = world.open('inbox', { limit: 10 });
    await world.live();
    world.server.freezeAll();
    await expect(soon(world, inbox.list.fetchMore(), 10_000)).rejects.toMatchObject({ code: 'answer.late' });
  });

  test('are given up again when a list grows for long, so that memory stays flat', async () => {
    const world = new World();
    for (let n = 0; n < 30; n += 1) world.server.log.deliver(`old ${n}`);
    const inbox = world.open('inbox', { limit: 20 });
    await world.live();
    for (let n = 0; n < 300; n += 1) {
      world.server.log.deliver(`new ${n}`);
      if (n % 10 === 0) await world.advance(20);
      expect(inbox.ids.length).toBeLessThanOrEqual(20 + 60);
    }
    await world.advance(20);
    expect(inbox.state.hasMore).toBe(true);
    while (inbox.state.hasMore) await soon(world, inbox.list.fetchMore());
    expect(inbox.state.rows).toEqual(world.server.log.truth('inbox'));
  });
});

describe('inspection', () => {
  test('shows state, positions and counters as plain data', async () => {
    const world = new World();
    world.open('inbox', { filter: 'bob' });
    await world.live();
    world.server.log.deliver('m1');
    await world.advance(20);
    const inspection = world.client.inspect();
    expect(JSON.parse(JSON.stringify(inspection))).toEqual(inspection);
    expect(inspection).toMatchObject({
      state: 'live',
      cursor: 'e1.2',
      userId: 'u1',
      failures: 0,
      counters: { attempts: 1, connections: 1, gaps: 0, polls: 0 },
      lists: [{ channel: 'inbox', filter: 'bob', phase: 'steady', listeners: 1, rows: 1, position: 'e1.2' }],
    });
  });
});

test('ids are made as the server makes them', () => {
  // The doubles and the unread count rest on it.
  expect(formatArrival(33)).toBe('000000011');
});

/** What `promise` gives, with time passing meanwhile. */
async function soon<T>(world: World, promise: Promise<T>, ms = 200): Promise<T> {
  promise.catch(() => {});
  await world.advance(ms);
  return promise;
}

describe('ephemera', () => {
  test('who is here is asked for while live, and typing goes both ways', async () => {
    const world = new World();
    world.client.presence.subscribe(() => {});
    await world.live();
    expect(world.client.presence.getSnapshot()).toMatchObject([{ user_id: 'u2' }]);
    world.client.sendTyping('inbox');
    expect(world.network.last.sentOf('typing')).toEqual([{ type: 'typing', scope: 'inbox' }]);
    world.server.tellAll({ type: 'typing', scope: 'inbox', user_id: 'u2', lifetime_ms: 6_000 });
    expect(world.client.typing('inbox').getSnapshot()).toEqual(['u2']);
    world.server.die();
    await world.advance(60_000);
    expect(world.client.presence.getSnapshot()).toEqual([]);
  });
});

describe('on a platform of its own', () => {
  afterEach(() => vi.unstubAllGlobals());

  test('the page’s origin, its WebSocket, its fetch and its report of errors are used', async () => {
    const urls: string[] = [];
    const reported: unknown[] = [];
    vi.stubGlobal('location', { origin: 'https://mail.test' });
    vi.stubGlobal('reportError', (error: unknown) => reported.push(error));
    vi.stubGlobal('fetch', async (url: string) => {
      urls.push(url);
      return Response.json({ offset: 3 });
    });
    vi.stubGlobal(
      'WebSocket',
      class extends FakeSocket {
        constructor(url: string, protocol: string) {
          super(url, protocol);
          urls.push(url);
        }
      },
    );
    const client = createClient({ getToken: async () => 't' });
    client.status.subscribe(() => {
      throw new Error('mine');
    });
    client.start();
    await expect(client.read(3)).resolves.toEqual({ offset: 3 });
    client.stop();
    expect(urls.sort()).toEqual(['https://mail.test/api/v1/me/read', 'wss://mail.test/api/v1/ws']);
    expect(reported.length).toBeGreaterThan(0);
  });

  test('where errors cannot be reported they are written to the console', () => {
    vi.stubGlobal('reportError', undefined);
    const written = vi.spyOn(console, 'error').mockImplementation(() => {});
    const client = createClient({ url: 'http://roost.test', getToken: async () => 't' });
    client.status.subscribe(() => {
      throw new Error('mine');
    });
    client.start();
    client.stop();
    expect(written).toHaveBeenCalled();
    written.mockRestore();
  });
});
