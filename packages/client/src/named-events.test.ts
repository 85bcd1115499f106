import type { DownFrame, EventData, UpFrameInput } from '@roost/protocol';
import { expect, test } from 'vitest';
import { NamedEvents } from './named-events.ts';
import { World } from './testing/world.ts';

const updated = (contactId: string): EventData<'contact:updated'> => ({
  contactId,
  contactName: null,
  phoneNumber: null,
  phoneNumbers: [],
  emails: [],
  externalIds: [],
  fields: {},
  isNew: false,
  timestamp: '2026-03-01T10:00:00.000Z',
});
const frame = (contactId: string): Extract<DownFrame, { type: 'event' }> => ({
  type: 'event',
  event: 'contact:updated',
  data: updated(contactId),
});
const ASKED = { type: 'subscribe', id: 'events', channel: 'events' };
const nothing = () => {};

function build() {
  const sent: UpFrameInput[] = [];
  const thrown: unknown[] = [];
  const events = new NamedEvents((error) => void thrown.push(error));
  const connect = () => events.connected((up) => void sent.push(up));
  return { events, sent, thrown, connect };
}

test('[N1] events are asked for with the first listener of any name, and no more with the last', () => {
  const { events, sent, connect } = build();
  connect();
  const leaves = [events.on('contact:updated', nothing), events.on('message:received', nothing)];
  expect(sent.splice(0)).toEqual([ASKED]);
  leaves[0]?.();
  leaves[0]?.();
  expect(sent).toEqual([]);
  leaves[1]?.();
  expect(sent.splice(0)).toEqual([{ type: 'unsubscribe', id: 'events' }]);
});

test('each listener hears its own name; one that throws is reported and harms nobody', () => {
  const { events, thrown } = build();
  const heard: string[] = [];
  events.on('contact:updated', () => {
    throw new Error('hostile');
  });
  const leave = events.on('contact:updated', ({ contactId }) => heard.push(contactId));
  events.on('message:received', () => heard.push('message'));
  events.take(frame('k1'));
  leave();
  events.take(frame('k2'));
  expect([heard, thrown.map(String)]).toEqual([['k1'], ['Error: hostile', 'Error: hostile']]);
});

test('every first frame asks for them again, once, while somebody listens', async () => {
  const world = new World();
  const heard: string[] = [];
  const leave = world.client.on('contact:updated', ({ contactId }) => heard.push(contactId));
  await world.live();
  const asks = () => ({
    hello: world.network.last.sentOf('hello')[0]?.subscriptions,
    later: world.network.last.sentOf('subscribe'),
  });
  expect(asks()).toEqual({ hello: [{ id: 'events', channel: 'events' }], later: [] });
  world.server.cutAll();
  await world.advance(10_000);
  expect([world.status.state, asks()]).toEqual([
    'live',
    { hello: [{ id: 'events', channel: 'events' }], later: [] },
  ]);
  world.server.happen(frame('k1'));
  leave();
  world.server.happen(frame('k2'));
  expect(heard).toEqual(['k1']);
  world.server.cutAll();
  await world.advance(10_000);
  expect(asks()).toEqual({ hello: [], later: [] });
});

test('whoever begins to listen while a connection is being made is heard once it is live', async () => {
  const world = new World();
  world.client.start();
  await world.advance(8);
  expect(world.status.state).not.toBe('live');
  world.client.on('contact:updated', nothing);
  await world.advance(100);
  const { last } = world.network;
  const inHello = last.sentOf('hello')[0]?.subscriptions?.length ?? 0;
  expect(inHello + last.sentOf('subscribe').length).toBe(1);
});

test('[N1] whoever is told of something finds it in the lists', async () => {
  const world = new World();
  const inbox = world.open('inbox');
  const seen: string[][] = [];
  world.client.on('contact:updated', () => seen.push(inbox.ids));
  await world.live();
  world.server.log.deliver('new');
  await world.advance(20);
  world.server.happen(frame('k1'));
  expect(seen).toEqual([inbox.ids]);
  expect(inbox.subjects).toEqual(['new']);
});

test('nothing is told by polling, and it goes on with the socket', async () => {
  const world = new World();
  const heard: string[] = [];
  world.client.on('contact:updated', ({ contactId }) => heard.push(contactId));
  await world.live();
  world.server.blockSockets();
  await world.advance(60_000);
  expect([world.status.state, heard]).toEqual(['polling', []]);
  world.server.recover();
  await world.advance(60_000);
  world.server.happen(frame('k1'));
  expect([world.status.state, heard]).toEqual(['live', ['k1']]);
});
