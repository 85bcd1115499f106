import { expect, test } from 'vitest';
import { Attendance } from './attendance.ts';
import type { Connection } from './connection.ts';

/** As much of a connection as says where its person is. */
interface Place {
  isOpen: boolean;
  isAway: boolean;
  readonly identity: { readonly org: string; readonly user_id: string };
  readonly subscriptions: { readonly channel: { readonly view: { readonly channel: string } } }[];
}

function world() {
  const said: string[] = [];
  const came: string[] = [];
  const attendance = new Attendance(
    'n1',
    (_org, signal) => {
      if (signal.kind === 'presence')
        said.push(`${signal.user_id} ${signal.state} ${signal.scope ?? 'here'}`);
    },
    (connection, scope) => came.push(`${connection.identity.user_id} ${scope}`),
  );
  const connect = (user_id: string) => {
    const place: Place = { isOpen: true, isAway: false, identity: { org: 'o', user_id }, subscriptions: [] };
    const connection = place as unknown as Connection;
    const settle = () => attendance.settle(connection);
    settle();
    return {
      connection,
      open: (...channels: string[]) => {
        place.subscriptions.push(...channels.map((channel) => ({ channel: { view: { channel } } })));
        settle();
      },
      close: () => {
        place.subscriptions.length = 0;
        settle();
      },
      away: (isAway: boolean) => {
        place.isAway = isAway;
        settle();
      },
      leave: () => {
        place.isOpen = false;
        settle();
      },
    };
  };
  return { attendance, connect, said, came };
}

test('[P1] somebody with two devices is here until both are gone, and away when both are', () => {
  const { connect, said } = world();
  const [desk, phone] = [connect('ann'), connect('ann')];
  desk.away(true);
  phone.away(true);
  phone.away(false);
  phone.leave();
  desk.leave();
  expect(said).toEqual([
    'ann online here',
    'ann away here',
    'ann online here',
    'ann away here',
    'ann offline here',
  ]);
});

test('[P1] who opens a conversation is said to be in it, and hears who is; other channels are nobody’s matter', () => {
  const { attendance, connect, said, came } = world();
  const ann = connect('ann');
  ann.open('conversations', 'thread:c1');
  expect(attendance.scopesOf(ann.connection)).toEqual(['thread:c1']);
  ann.close();
  expect(said).toEqual(['ann online here', 'ann online thread:c1', 'ann offline thread:c1']);
  expect(came).toEqual(['ann thread:c1']);
});

test('[P1] each place of a person is said again once a heartbeat, however many connections put them there', () => {
  const { attendance, connect, said } = world();
  const [desk, phone] = [connect('ann'), connect('ann')];
  desk.open('thread:c1');
  said.length = 0;
  const done = new Set<string>();
  for (const { connection } of [desk, phone]) attendance.repeat(connection, done);
  expect(said.sort()).toEqual(['ann online here', 'ann online thread:c1']);
});

test('whoever left is nowhere any more', () => {
  const { attendance, connect, said } = world();
  const ann = connect('ann');
  ann.open('thread:c1');
  ann.leave();
  said.length = 0;
  attendance.repeat(ann.connection, new Set());
  expect([said, attendance.scopesOf(ann.connection)]).toEqual([[], []]);
});
