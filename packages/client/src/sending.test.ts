import { limits } from '@roost/protocol';
import { expect, test } from 'vitest';
import { ConversationScreen } from './testing/conversation-screen.ts';
import { World } from './testing/world.ts';

/** A conversation in which somebody has asked something, open on a page. */
async function open(isStarted = true) {
  const world = new World();
  const { server } = world;
  server.log.change('c1');
  server.log.say('c1', { text: 'question' });
  const screen = new ConversationScreen(world, 'c1');
  if (isStarted) await world.live();
  return { world, server, screen };
}

/** What was said by us, as everybody sees it. */
const saidByUs = (world: World) =>
  world.server.log
    .truth('thread:c1')
    .filter((row) => row.author_id === 'u1')
    .map((row) => row.text)
    .reverse();

test.each([
  ['before what is told of it', 0],
  ['after what is told of it', 50],
])('an answer that comes %s: the message is on the screen once, at every moment', async (_, delayMs) => {
  const { world, server, screen } = await open();
  server.answerDelayMs = delayMs;
  screen.send('one');
  screen.send('two');
  screen.send('three');
  expect(screen.pending.map(({ state }) => state)).toEqual(['sending', 'queued', 'queued']);
  await world.advance(300);
  expect([screen.said, screen.waiting]).toEqual([['question', 'one', 'two', 'three'], []]);
  expect(screen.faults).toEqual([]);
});

test('the same words twice are two messages, and never shown as one or three', async () => {
  const { world, server, screen } = await open();
  server.answerDelayMs = 50;
  world.client.send('c1', { text: 'yes' });
  world.client.send('c1', { text: 'yes' });
  for (let ms = 0; ms < 300; ms += 1) {
    const shown = [...screen.said, ...screen.waiting].filter((text) => text === 'yes');
    expect(shown, `after ${ms} ms`).toHaveLength(2);
    await world.advance(1);
  }
  expect(saidByUs(world)).toEqual(['yes', 'yes']);
});

test('a colleague, or I at another device, saying the same is somebody else’s message', async () => {
  const { world, server, screen } = await open();
  server.answerDelayMs = 100;
  server.log.say('c1', { text: 'yes', kind: 'outbound', author_id: 'u1' });
  await world.advance(20);
  world.client.send('c1', { text: 'yes', override: true });
  server.log.say('c1', { text: 'yes', kind: 'outbound', author_id: 'u2' });
  for (let ms = 0; ms < 300; ms += 1) {
    const shown = [...screen.said, ...screen.waiting].filter((text) => text === 'yes');
    expect(shown.length, `after ${ms} ms`).toBeGreaterThanOrEqual(2);
    await world.advance(1);
  }
  expect([screen.said.filter((text) => text === 'yes').length, screen.waiting]).toEqual([3, []]);
});

test('an answer that is lost is asked for again: said once, shown once', async () => {
  const { world, server, screen } = await open();
  server.losesAnswers = true;
  screen.send('one');
  screen.send('two');
  await world.advance(200);
  server.losesAnswers = false;
  await world.advance(5_000);
  expect(saidByUs(world)).toEqual(['one', 'two']);
  expect(server.letters.filter((letter) => letter.endsWith('one')).length).toBeGreaterThan(1);
  expect([screen.said, screen.waiting, screen.faults]).toEqual([['question', 'one', 'two'], [], []]);
});

test('written while there is no connection, it goes out in order when there is one', async () => {
  const { world, server, screen } = await open();
  server.die();
  screen.send('one');
  screen.send('two');
  await world.advance(20_000);
  expect(screen.pending.map(({ state }) => state)).not.toContain('failed');
  server.recover();
  await world.advance(40_000);
  expect([saidByUs(world), screen.said.slice(1), screen.faults]).toEqual([
    ['one', 'two'],
    ['one', 'two'],
    [],
  ]);
});

test('where no socket gets through it is sent by request, and shown until a poll brings it', async () => {
  const { world, server, screen } = await open(false);
  server.weather = 'refused';
  world.client.start();
  await world.advance(10_000);
  expect(world.status.state).toBe('polling');
  screen.send('one');
  await world.advance(100);
  expect(saidByUs(world)).toEqual(['one']);
  expect(screen.pending[0]?.says).toBe('Sent.');
  await world.advance(10_000);
  expect([screen.said, screen.waiting, screen.faults]).toEqual([['question', 'one'], [], []]);
});

test('[O1] what came meanwhile is told; sent all the same, it is said', async () => {
  const { world, server, screen } = await open();
  screen.send('answer');
  server.log.say('c1', { text: 'wait!' }); // on its way to us
  await world.advance(100);
  const [entry] = screen.pending;
  expect(entry).toMatchObject({ state: 'failed', error: { code: 'conversation.moved', remedy: 'correct' } });
  expect(entry?.error?.about).toEqual({ answer_offset: server.log.head });
  expect(screen.said).toEqual(['question', 'wait!']);
  entry?.retry({ override: true });
  await world.advance(100);
  expect([screen.said, screen.faults]).toEqual([['question', 'wait!', 'answer'], []]);
});

test('a reply is based on what the screen shows, unless its author says otherwise; a note on nothing', async () => {
  const { world, server } = await open();
  const base = server.log.conversation('c1')?.answer_offset;
  world.client.send('c1', { text: 'one' });
  world.client.send('c1', { text: 'two', based_on: 1, override: true });
  world.client.send('c1', { text: 'three', kind: 'note' });
  await world.advance(200);
  const sent = world.network.last.sentOf('send');
  expect(sent.map(({ text, based_on }) => [text, based_on])).toEqual([
    ['one', base],
    ['two', 1],
    ['three', undefined],
  ]);
});

test.each([
  ['a text that a frame could not carry', { text: '\u0000'.repeat(15_000) }],
  ['a text that is too long', { text: 'x'.repeat(limits.TEXT_MAX_CHARS + 1) }],
  ['a template', { template: { name: 'hello', language: 'de' } }],
  ['a file', { uploads: ['up1'] }],
  ['a base that is no offset', { text: 'x', based_on: 0.5, override: true }],
])('%s goes by request, and the connection lives on', async (_, draft) => {
  const { world, server } = await open();
  world.client.send('c1', { override: true, ...draft });
  await world.advance(100);
  expect(world.network.last.sentOf('send')).toEqual([]);
  expect(server.requests).toEqual([
    { url: expect.stringContaining('/conversations/c1/messages'), status: 201 },
  ]);
});

test('nobody looking, it is sent and forgotten', async () => {
  const { world, screen } = await open();
  screen.close();
  await world.advance(10_000);
  world.client.send('c1', { text: 'one', override: true });
  await world.advance(100);
  expect([saidByUs(world), screen.waiting]).toEqual([['one'], []]);
});

test('a refusal over HTTP tells what is new as well', async () => {
  const { world, server, screen } = await open(false);
  server.weather = 'refused';
  world.client.start();
  await world.advance(10_000);
  world.client.send('c1', { text: 'one', based_on: 1 });
  await world.advance(100);
  expect(screen.pending[0]?.error).toMatchObject({
    code: 'conversation.moved',
    about: { answer_offset: server.log.head },
  });
});

test('more than the allowance of frames waits its turn, and every message is said', async () => {
  const world = new World();
  const { server } = world;
  for (let n = 0; n < 100; n += 1) server.log.change(`c${n}`);
  for (let n = 0; n < 100; n += 1) world.client.send(`c${n}`, { text: 'hello' });
  await world.live();
  await world.advance(5_000);
  expect(new Set(server.letters).size).toBe(100);
  expect(world.network.sockets).toHaveLength(1);
});

test('somebody else signing in neither sees nor sends what the one before had written', async () => {
  const { world, server, screen } = await open();
  server.die();
  screen.send('mine');
  screen.letGo('mine');
  await world.advance(1_000);
  world.client.stop();
  server.recover();
  server.userId = 'u2';
  world.client.start();
  await world.advance(60_000);
  expect([screen.waiting, server.letters]).toEqual([[], []]);
});

test('a read mark of one conversation goes by the way there is', async () => {
  const { world, server } = await open();
  const read = world.client.read(server.log.head, 'c1');
  await world.advance(50);
  await expect(read).resolves.toEqual({ offset: server.log.head });
  expect(world.network.last.sentOf('read')).toMatchObject([{ conversation_id: 'c1' }]);
  server.die();
  server.httpWeather = 'fair';
  const again = world.client.read(server.log.head, 'c1');
  await world.advance(50);
  await again;
  expect(server.requests.at(-1)?.url).toBe('http://roost.test/api/v1/conversations/c1/read');
});

test.each([Number.NaN, -1, 1.5])('%d is no offset, and reaches no server', async (upTo) => {
  const { world } = await open();
  await expect(world.client.read(upTo)).rejects.toMatchObject({ code: 'request.invalid' });
  expect(world.network.last.sentOf('read')).toEqual([]);
});
