import { beforeEach, describe, expect, test } from 'vitest';
import { FakeServer } from '../testing/fake-server.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { Api } from './api.ts';
import { Session } from './session.ts';
import { signOutTogether, type TabChannel } from './tabs.ts';

let server: FakeServer;
let clock: ManualClock;
let session: Session;

beforeEach(() => {
  server = new FakeServer();
  clock = new ManualClock();
  session = new Session(server.fetch, clock);
});

describe('at load', () => {
  test('the cookie of an earlier visit signs in', async () => {
    server.hasSession = true;
    await session.start(null);
    expect(session.getSnapshot()).toEqual({ kind: 'signed-in', userId: 'u1', orgId: 'o1' });
  });

  test('without a cookie the person is signed out, without a word of reproach', async () => {
    await session.start(null);
    expect(session.getSnapshot()).toEqual({ kind: 'signed-out', notice: null });
  });

  test('a fresh link signs in', async () => {
    await session.start('fresh');
    expect(session.getSnapshot().kind).toBe('signed-in');
  });

  test('a used link says so', async () => {
    await session.start('used');
    expect(session.getSnapshot()).toMatchObject({
      kind: 'signed-out',
      notice: expect.stringContaining('used before'),
    });
  });

  test('a used link does not sign out who is signed in', async () => {
    server.hasSession = true;
    await session.start('used');
    expect(session.getSnapshot().kind).toBe('signed-in');
  });

  test('a link is not lost when the server is away', async () => {
    server.isAway = true;
    await session.start('fresh');
    expect(session.getSnapshot().kind).toBe('unreachable');
    server.isAway = false;
    await clock.advance(1_000);
    expect(session.getSnapshot().kind).toBe('signed-in');
  });

  test('a link after too many attempts says how long to wait', async () => {
    server.retryAfterSeconds = 42;
    await session.start('fresh');
    expect(session.getSnapshot()).toMatchObject({
      kind: 'signed-out',
      notice: expect.stringContaining('in 42 seconds'),
    });
  });

  test('a server that is away is asked again, ever more slowly, until it answers', async () => {
    server.isAway = true;
    server.hasSession = true;
    await session.start(null);
    expect(session.getSnapshot().kind).toBe('unreachable');
    await clock.advance(7_000);
    expect(server.asked).toHaveLength(4); // at 0, 1, 3 and 7 s
    server.isAway = false;
    await clock.advance(8_000);
    expect(session.getSnapshot().kind).toBe('signed-in');
    await clock.advance(60_000);
    expect(server.asked).toHaveLength(5);
  });
});

describe('the access token', () => {
  beforeEach(() => session.signIn('ann@example.org', 'right'));

  test('is given out until shortly before it runs out, then renewed', async () => {
    expect(await session.getToken()).toBe('token-1');
    await clock.advance(869_000);
    expect(await session.getToken()).toBe('token-1');
    await clock.advance(2_000);
    expect(await session.getToken()).toBe('token-2');
  });

  test('is renewed once for all who ask at the same time', async () => {
    const tokens = await Promise.all([session.getToken('expired'), session.getToken('expired')]);
    expect(tokens).toEqual(['token-2', 'token-2']);
  });

  test('cannot be renewed once the session has ended; what is on screen stays', async () => {
    server.hasSession = false;
    await expect(session.getToken('expired')).rejects.toMatchObject({ code: 'token.missing' });
    expect(session.getSnapshot().kind).toBe('ended');
  });

  test('is not lost when the server is away', async () => {
    server.isAway = true;
    await expect(session.getToken('expired')).rejects.toMatchObject({ code: 'server.away' });
    expect(session.getSnapshot().kind).toBe('signed-in');
    server.isAway = false;
    expect(await session.getToken('expired')).toBe('token-2');
  });

  test('of somebody else who signed in from another tab becomes ours', async () => {
    server.userId = 'u2';
    await session.getToken('expired');
    expect(session.getSnapshot()).toMatchObject({ kind: 'signed-in', userId: 'u2' });
  });

  test('that the server no longer takes is renewed for the request that found out', async () => {
    const api = new Api(server.fetch, session.getToken);
    server.voidTokens();
    expect((await api.get('/api/v1/guarded')).status).toBe(200);
  });
});

describe('signing in and out', () => {
  test('a wrong password is told by its code', async () => {
    await expect(session.signIn('ann@example.org', 'wrong')).rejects.toMatchObject({
      code: 'credentials.wrong',
    });
  });

  test('too many attempts carry how long to wait', async () => {
    server.retryAfterSeconds = 42;
    await expect(session.signIn('ann@example.org', 'right')).rejects.toMatchObject({
      code: 'request.too_many',
      retryAfterMs: 42_000,
    });
  });

  test('signing out ends the session on the server', async () => {
    await session.signIn('ann@example.org', 'right');
    await session.signOut();
    expect(server.hasSession).toBe(false);
    expect(session.getSnapshot()).toEqual({ kind: 'signed-out', notice: null });
  });

  test('signing out does not pretend while the server cannot hear it', async () => {
    await session.signIn('ann@example.org', 'right');
    server.isAway = true;
    await expect(session.signOut()).rejects.toMatchObject({ code: 'server.away' });
    expect(session.getSnapshot().kind).toBe('signed-in');
  });

  test('signing out in one tab signs out the others', async () => {
    const other = new Session(server.fetch, clock);
    const heard: ((event: { data: unknown }) => void)[] = [];
    const channel = (own: number): TabChannel => ({
      addEventListener: (_type, listener) => {
        heard[own] = listener;
      },
      postMessage: (data) => heard[1 - own]?.({ data }),
    });
    signOutTogether(session, channel(0));
    signOutTogether(other, channel(1));
    await session.signIn('ann@example.org', 'right');
    await other.start(null);
    await session.signOut();
    expect(other.getSnapshot().kind).toBe('signed-out');
  });
});
