import { expect, test } from 'vitest';
import { viewOfChannel } from './channel.ts';
import { Failure } from './failures.ts';
import { type OutlineParams, outlineOf } from './outline.ts';

const viewer = { user_id: 'u1', hidden: [], admin: true };

/** The code, or the key under which a server and a client know the channel. */
function asServer(channel: string, params: OutlineParams): string {
  try {
    return viewOfChannel(channel, { ...params }, viewer).key;
  } catch (error) {
    if (error instanceof Failure) return `${error.code} ${error.message}`;
    throw error;
  }
}

function asClient(channel: string, params: OutlineParams): string {
  const outline = outlineOf(channel, params);
  return 'code' in outline ? `${outline.code} ${outline.says}` : outline.keyFor('u1');
}

test.each<[string, OutlineParams, string]>([
  ['inbox', {}, 'inbox'],
  ['inbox', { filter: ' Bob@Example.org ' }, 'inbox?filter=bob%40example.org'],
  ['me', {}, 'me:u1'],
  ['members', { filter: 'x' }, 'members'],
  ['conversations', {}, 'conversations?view=open'],
  ['conversations', { view: 'mine', label: 'a&b' }, 'conversations?view=mine%3Au1&label=a%26b'],
  ['conversations', { contact: 'k1', inbox: 'i1' }, 'conversations?view=open&inbox=i1&contact=k1'],
  ['direct', {}, 'direct:u1'],
  ['unread', {}, 'unread:u1'],
  ['jobs', {}, 'jobs:u1'],
  ['thread:c1:x', {}, 'thread:c1:x'],
  ['policy-rules:example.org', {}, 'policy-rules:example.org'],
])('server and client know %s %j by one key', (channel, params, key) => {
  expect([asServer(channel, params), asClient(channel, params)]).toEqual([key, key]);
});

test.each<[string, OutlineParams, string]>([
  ['weather', {}, 'channel.unknown'],
  ['toString', {}, 'channel.unknown'],
  ['thread', {}, 'channel.unknown'],
  ['thread:', {}, 'channel.unknown'],
  ['inbox:1', {}, 'channel.unknown'],
  ['inbox', { filter: 'a\u0000' }, 'filter.invalid'],
  ['inbox', { filter: 'x'.repeat(400) }, 'filter.invalid'],
  ['conversations', { view: 'lost' }, 'filter.invalid'],
])('and say the same of %s %j, which is none', (channel, params, code) => {
  expect(asServer(channel, params)).toMatch(new RegExp(`^${code} `));
  expect(asClient(channel, params)).toBe(asServer(channel, params));
});

test('conversations move with what happens in them; everything else stays in the order in which it came', () => {
  const row = { id: '1', activity: '9' };
  const orderOf = (channel: string) => {
    const outline = outlineOf(channel);
    return 'code' in outline ? outline.code : outline.sortKey(row);
  };
  expect(['conversations', 'unread', 'direct'].map(orderOf)).toEqual(['9', '9', '9']);
  expect(['inbox', 'thread:c1', 'conversation:c1', 'members'].map(orderOf)).toEqual(['1', '1', '1', '1']);
});
