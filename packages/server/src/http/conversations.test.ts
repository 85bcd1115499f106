import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openWorld, type World } from './testing/world.ts';

let world: World;
let owner: string;
let inboxId: string;
beforeEach(async () => {
  world = await openWorld();
  owner = (await world.signIn()).token;
  const made = await post('/api/v1/inboxes', { kind: 'api', name: 'Site' });
  inboxId = made.json().id;
});
afterEach(() => world.close());

const post = (path: string, body?: unknown, token = owner, headers: Record<string, string> = {}) =>
  world.ask('POST', path, { token, body, headers });
const rows = async (path: string, token = owner) => (await world.ask('GET', path, { token })).json().rows;

async function visitorSays(text: string, externalId = 'v1', headers: Record<string, string> = {}) {
  const { visitor_token } = (
    await post(`/api/v1/inboxes/${inboxId}/visitors`, { external_id: externalId, name: 'Vera' })
  ).json();
  const answer = await post('/api/v1/visitor/messages', { text }, visitor_token, headers);
  expect(answer.statusCode).toBe(201);
  return { visitorToken: visitor_token as string, messageId: answer.json().message_id as string };
}

describe('a visitor', () => {
  test('writes, is answered, and reads both; notes stay with the team', async () => {
    const { visitorToken } = await visitorSays('Where is my order?');
    const [conversation] = await rows('/api/v1/conversations');
    expect(conversation).toMatchObject({
      status: 'open',
      contact: { name: 'Vera', address: 'v1' },
      last_message: { snippet: 'Where is my order?', kind: 'inbound' },
    });
    const path = `/api/v1/conversations/${conversation.id}/messages`;
    await post(path, { kind: 'note', text: 'Ask the depot' });
    const sent = await post(path, { text: 'On its way', based_on: conversation.answer_offset });
    expect(sent.statusCode).toBe(201);
    const read = await world.ask('GET', '/api/v1/visitor/messages', { token: visitorToken });
    expect(
      read.json().messages.map(({ kind, text }: { kind: string; text: string }) => [kind, text]),
    ).toEqual([
      ['inbound', 'Where is my order?'],
      ['outbound', 'On its way'],
    ]);
    const [first] = read.json().messages;
    const later = await world.ask('GET', `/api/v1/visitor/messages?after=${first.id}`, {
      token: visitorToken,
    });
    expect(later.json().messages).toHaveLength(1);
  });

  test('says a thing once, however often it is sent', async () => {
    await visitorSays('Hello', 'v1', { 'idempotency-key': 'k1' });
    await visitorSays('Hello', 'v1', { 'idempotency-key': 'k1' });
    await visitorSays('Hello', 'v2', { 'idempotency-key': 'k1' });
    const conversations = await rows('/api/v1/conversations');
    expect(conversations).toHaveLength(2);
    for (const { id } of conversations)
      expect(await rows(`/api/v1/conversations/${id}/messages`)).toHaveLength(1);
  });

  test('is nobody to the rest of the server, and their token is no one else’s', async () => {
    const { visitorToken } = await visitorSays('Hello');
    expect((await world.ask('GET', '/api/v1/conversations', { token: visitorToken })).statusCode).toBe(401);
    expect((await world.ask('GET', '/api/v1/visitor/messages', { token: owner })).json().code).toBe(
      'token.invalid',
    );
    const other = await visitorSays('Somebody else', 'v2');
    const read = await world.ask('GET', '/api/v1/visitor/messages', { token: other.visitorToken });
    expect(read.json().messages).toHaveLength(1);
  });
});

describe('one answer', () => {
  test('on old knowledge is refused with what is new, and sent when its author insists', async () => {
    await visitorSays('First');
    const [before] = await rows('/api/v1/conversations');
    await visitorSays('Second');
    const path = `/api/v1/conversations/${before.id}/messages`;
    const refused = await post(path, { text: 'To the first', based_on: before.answer_offset });
    expect(refused.json()).toMatchObject({ status: 409, code: 'conversation.moved' });
    expect(refused.json().about.messages.map(({ text }: { text: string }) => text)).toEqual(['Second']);
    const sent = await post(path, { text: 'All the same', based_on: before.answer_offset, override: true });
    expect(sent.statusCode).toBe(201);
  });

  test('of two agents in the same instant, one goes out', async () => {
    await visitorSays('Anybody there?');
    const [{ id, answer_offset }] = await rows('/api/v1/conversations');
    const agents = [await world.member('agent'), await world.member('agent')];
    const answers = await Promise.all(
      agents.map(({ token }, at) =>
        post(`/api/v1/conversations/${id}/messages`, { text: `I am ${at}`, based_on: answer_offset }, token),
      ),
    );
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([201, 409]);
  });

  test('is sent once for one key', async () => {
    await visitorSays('Hello');
    const [{ id, answer_offset }] = await rows('/api/v1/conversations');
    const send = () =>
      post(`/api/v1/conversations/${id}/messages`, { text: 'Hi', based_on: answer_offset }, owner, {
        'idempotency-key': 'once',
      });
    const [one, two] = [await send(), await send()];
    expect(two.json()).toEqual(one.json());
    expect(await rows(`/api/v1/conversations/${id}/messages`)).toHaveLength(2);
  });
});

describe('what agents do', () => {
  test('assign, label, close; what the contact says next opens it again for everybody', async () => {
    await visitorSays('Hello');
    const [{ id }] = await rows('/api/v1/conversations');
    const agent = await world.member('agent');
    const change = (body: unknown) =>
      world.ask('PATCH', `/api/v1/conversations/${id}`, { token: owner, body });
    await change({ assignee_id: agent.userId, add_labels: ['Urgent'] });
    expect(await rows('/api/v1/conversations?view=mine', agent.token)).toMatchObject([
      { id, labels: ['urgent'] },
    ]);
    await change({ status: 'closed' });
    const [closed] = await rows('/api/v1/conversations?view=closed');
    expect(closed.resolved_at).toEqual(expect.any(String));
    expect(await rows('/api/v1/conversations')).toEqual([]);
    await visitorSays('One more thing');
    expect(await rows('/api/v1/conversations')).toMatchObject([
      { id, status: 'open', resolved_at: null, assignee_id: agent.userId },
    ]);
  });

  test('each has their own unread', async () => {
    await visitorSays('One');
    await visitorSays('Two');
    const agent = await world.member('agent');
    await visitorSays('Three');
    const [{ id, inbound_offset }] = await rows('/api/v1/conversations');
    // What was there before somebody came counts as read.
    expect(await rows('/api/v1/unread', agent.token)).toMatchObject([{ id, unread: 1 }]);
    expect(await rows('/api/v1/unread')).toMatchObject([{ id, unread: 3 }]);
    await post(`/api/v1/conversations/${id}/read`, { up_to: inbound_offset });
    expect(await rows('/api/v1/unread')).toEqual([]);
    expect(await rows('/api/v1/unread', agent.token)).toMatchObject([{ id, unread: 1 }]);
    await post(`/api/v1/conversations/${id}/unread`);
    expect(await rows('/api/v1/unread')).toMatchObject([{ id, unread: 1 }]);
  });

  test('whoever is not in a restricted inbox finds nothing of it', async () => {
    await visitorSays('Secret');
    const [{ id }] = await rows('/api/v1/conversations');
    const agent = await world.member('agent');
    expect(await rows('/api/v1/conversations', agent.token)).toHaveLength(1);
    await world.ask('PATCH', `/api/v1/inboxes/${inboxId}`, { token: owner, body: { access: 'members' } });
    expect(await rows('/api/v1/conversations', agent.token)).toEqual([]);
    expect(await rows('/api/v1/unread', agent.token)).toEqual([]);
    for (const path of [`/api/v1/conversations/${id}`, `/api/v1/conversations/${id}/messages`])
      expect((await world.ask('GET', path, { token: agent.token })).statusCode).toBe(404);
    const sent = await post(
      `/api/v1/conversations/${id}/messages`,
      { text: 'x', override: true },
      agent.token,
    );
    expect(sent.json().code).toBe('conversation.unknown');
  });
});
