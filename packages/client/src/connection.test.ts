import { describe, expect, test } from 'vitest';
import { type Activities, type Activity, Connection, type Input, next, type State } from './connection.ts';

const names: Activity[] = ['attempt', 'delay', 'silence', 'steady', 'poll', 'watch'];

/** A connection whose activities only note that they began and ended. */
function build(onBegin: (activity: Activity, connection: Connection) => void = () => {}) {
  const log: string[] = [];
  const begin = (activity: Activity) => () => {
    log.push(`+${activity}`);
    onBegin(activity, connection);
    return () => void log.push(`-${activity}`);
  };
  const activities = Object.fromEntries(names.map((name) => [name, begin(name)])) as Activities;
  const entered: string[] = [];
  const connection: Connection = new Connection(activities, (state, from, why) => {
    entered.push(`${from}>${state}${why && ` ${why}`}`);
  });
  const take = () => log.splice(0).join(' ');
  return { connection, entered, take };
}

/** A way into every state. */
const ways: Record<State, Input[]> = {
  idle: [],
  connecting: ['start'],
  authenticating: ['start', 'opened'],
  'catching-up': ['start', 'opened', 'welcomed'],
  live: ['start', 'opened', 'welcomed', 'current'],
  waiting: ['start', 'lost'],
  polling: ['start', 'poll'],
  probing: ['start', 'poll', 'due'],
  offline: ['start', 'offline'],
  stopped: ['stop'],
};
const states = Object.keys(next) as State[];
const inputs = Object.keys(next.idle) as Input[];

describe('the table', () => {
  for (const state of states) {
    test.each(inputs)(`${state}: %s`, (input) => {
      const { connection, entered } = build();
      for (const step of ways[state]) connection.handle(step);
      expect(connection.state).toBe(state);
      const count = entered.length;
      connection.handle(input);
      const to = next[state][input];
      expect(connection.state).toBe(to ?? state);
      expect(entered.length - count).toBe(to === null ? 0 : 1);
    });
  }

  test('no state is a dead end: from everywhere there is a way to live', () => {
    for (const state of states) {
      const reached = new Set<State>([state]);
      for (const at of reached) for (const to of Object.values(next[at])) if (to) reached.add(to);
      expect(reached.has('live'), state).toBe(true);
    }
  });

  test('every state but a stopped one can be stopped, and nothing but a start leaves a stop', () => {
    for (const state of states) expect(next[state].stop).toBe(state === 'stopped' ? null : 'stopped');
    const ways = inputs.filter((input) => next.stopped[input] !== null);
    expect(ways).toEqual(['start']);
  });
});

describe('activities', () => {
  test('one attempt lives from the dial to the end of the connection', () => {
    const { connection, take } = build();
    connection.handle('start');
    expect(take()).toBe('+attempt +watch');
    connection.handle('opened');
    expect(take()).toBe('');
    connection.handle('welcomed');
    expect(take()).toBe('+silence');
    connection.handle('current');
    expect(take()).toBe('+steady');
    connection.handle('lost');
    expect(take()).toBe('-attempt -silence -steady +delay');
    connection.handle('due');
    expect(take()).toBe('-delay +attempt');
    connection.handle('stop');
    expect(take()).toBe('-watch -attempt');
  });

  test('polls go on while a socket is tried, and end when it is welcome', () => {
    const { connection, take } = build();
    connection.handle('start');
    connection.handle('poll');
    expect(take()).toBe('+attempt +watch -attempt +delay +poll');
    connection.handle('due');
    expect(take()).toBe('-delay +attempt');
    connection.handle('lost');
    expect(take()).toBe('-attempt +delay');
    connection.handle('due');
    connection.handle('welcomed');
    expect(take()).toBe('-delay +attempt -poll +silence');
  });

  test('"again" replaces an attempt by another, while polling as well', () => {
    const { connection, take } = build();
    connection.handle('start');
    take();
    connection.handle('again');
    expect(take()).toBe('-attempt +attempt');
    connection.handle('poll');
    connection.handle('due');
    take();
    connection.handle('again');
    expect(take()).toBe('-attempt +attempt');
    expect(connection.state).toBe('probing');
  });

  test('an input raised while another is handled waits its turn', () => {
    const { connection, entered } = build((activity, it) => {
      if (activity === 'attempt') it.handle('lost', 'no luck');
    });
    connection.handle('start');
    expect(entered).toEqual(['idle>connecting', 'connecting>waiting no luck']);
  });
});
