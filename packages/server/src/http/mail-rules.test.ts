import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { commands } from '../domain/index.ts';
import { openWorld, type World } from './testing/world.ts';

let world: World;
let token: string;
let inboxId: string;
beforeEach(async () => {
  world = await openWorld();
  token = (await world.member('agent')).token;
  const { result } = await world.bus.execute(commands.createInbox, {
    org: world.org,
    actor: { kind: 'system', name: 'test' },
    input: { kind: 'mail', address: 'desk.example', threads: false },
  });
  inboxId = result.id;
});
afterEach(() => world.close());

const ask = async (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: object) => {
  const answer = await world.ask(method, `/api/v1/${path}`, { token, ...(body && { body }) });
  return { status: answer.statusCode, ...answer.json() };
};
const bring = (subject: string) => world.deliver({ to: ['bob@desk.example'], subject });
const box = async (path: string) =>
  (await ask('GET', `inboxes/${inboxId}/mailboxes`)).rows.find((row: { path: string }) => row.path === path);

describe('the test box', () => {
  const tried = (rule: object, sample: object) => ask('POST', 'rules/test', { rule, sample });
  const fields = { from: 'ann@shop.example', subject: 'Your invoice 17', size_bytes: 3_000_000 };

  test('says whether a rule matches, and on what value', async () => {
    const conditions = [
      { field: 'from_domain', op: 'is', value: 'shop.example' },
      { field: 'size_bytes', op: 'over', value: '5 MB' },
    ];
    expect(await tried({ match: 'any', conditions }, { fields })).toMatchObject({
      matched: true,
      found: { field: 'from_domain', value: 'shop.example' },
      conditions: [{ field: 'from_domain', value: 'shop.example' }, null],
    });
    expect(await tried({ conditions }, { fields })).toMatchObject({ matched: false, found: null });
    expect(await tried({}, { fields })).toMatchObject({ matched: true, found: null, conditions: [] });
  });

  test('takes a pattern by itself, a mail as it comes, and one that is stored', async () => {
    const pattern = { pattern: 'invoice \\d+' };
    const found = { field: 'subject', value: 'Your invoice 17' };
    expect(await tried(pattern, { fields })).toMatchObject({ matched: true, found });
    const source = 'From: Ann <ann@shop.example>\r\nSubject: Your invoice 17\r\n\r\nHello\r\n';
    expect(await tried(pattern, { source })).toMatchObject({ matched: true, found });
    const message_id = await bring('Your invoice 17');
    expect(await tried(pattern, { message_id })).toMatchObject({ matched: true, found });
    expect(await tried(pattern, { message_id: 'none' })).toMatchObject({ code: 'message.unknown' });
  });

  test('says what cannot be used, and where', async () => {
    const conditions = [{ field: 'subject', op: 'is', value: 'x' }];
    const { status, code, detail } = await tried({ conditions, pattern: '(' }, { fields });
    expect([status, code]).toEqual([422, 'rule.invalid']);
    expect(detail).toMatch(/^Condition 2: .*“\(”/);
  });
});

describe('a dry run', () => {
  test('tells what a rule would do with stored mail, page by page, and does nothing', async () => {
    const ids = [];
    for (const subject of ['invoice 1', 'hello', 'invoice 2', 'invoice 3']) ids.unshift(await bring(subject));
    const rule = {
      conditions: [{ field: 'subject', op: 'contains', value: 'invoice' }],
      actions: [{ type: 'decide', decision: 'DROP' }],
    };
    const run = (cursor: string | null) =>
      ask('POST', `inboxes/${inboxId}/filters/dry-run`, { rule, cursor, limit: 2 });
    const first = await run(null);
    expect(first).toMatchObject({
      tried_count: 2,
      has_more: true,
      rows: [
        {
          message_id: ids[0],
          was: 'INBOX',
          found: { field: 'subject', value: 'invoice 3' },
          would: { decision: 'DROP', decided_by: { says: 'This rule', value: 'invoice 3' } },
        },
        { message_id: ids[1] },
      ],
    });
    const second = await run(first.next);
    expect(second).toMatchObject({ tried_count: 2, rows: [{ message_id: ids[3] }], has_more: false });
    expect((await box('INBOX')).total).toBe(4);
  });

  test('without a rule asks those that are there, and tells what would be decided otherwise now', async () => {
    const id = await bring('spam');
    const filters = `inboxes/${inboxId}/filters`;
    expect((await ask('POST', `${filters}/dry-run`, {})).rows).toEqual([]);
    const decide = [{ type: 'decide', decision: 'DROP' }];
    await ask('POST', filters, { name: 'No spam', actions: decide });
    expect((await ask('POST', `${filters}/dry-run`, {})).rows).toMatchObject([
      { message_id: id, found: null, was: 'INBOX', would: { decision: 'DROP' } },
    ]);
  });
});

test('rules are asked in the order that was said last, which names all of them', async () => {
  const filters = `inboxes/${inboxId}/filters`;
  const add = async (name: string, mailbox: string) => {
    const { id } = await ask('POST', `inboxes/${inboxId}/mailboxes`, { path: mailbox });
    return (await ask('POST', filters, { name, actions: [{ type: 'mailbox', mailbox_id: id }] })).id;
  };
  const [one, two] = [await add('one', 'One'), await add('two', 'Two')];
  await bring('first');
  expect((await box('One')).total).toBe(1);
  expect(await ask('POST', `${filters}/order`, { rule_ids: [two] })).toMatchObject({ code: 'rule.invalid' });
  expect(await ask('POST', `${filters}/order`, { rule_ids: [two, 'x'] })).toMatchObject({
    code: 'rule.unknown',
  });
  expect((await ask('POST', `${filters}/order`, { rule_ids: [two, one] })).status).toBe(200);
  await bring('second');
  expect((await box('Two')).total).toBe(1);
  await ask('PATCH', `rules/${two}`, { enabled: false });
  await bring('third');
  expect((await box('One')).total).toBe(2);
});

test('the mail of a mailbox is changed as far as it fits, in steps', async () => {
  for (let n = 0; n < 501; n += 1) await bring(`mail ${n}`);
  const inbox = await box('INBOX');
  const path = `mailboxes/${inbox.id}/messages`;
  const [newest] = (await ask('GET', `${path}?limit=1`)).rows;
  await ask('PATCH', `messages/${newest.id}`, { seen: true, flagged: true });
  const change = (body: object) => ask('POST', `${path}/change`, body);
  const first = await change({ filter: { unseen: true }, change: { seen: true } });
  expect(first).toMatchObject({ changed_count: 499, has_more: true });
  const rest = await change({ filter: { unseen: true }, change: { seen: true }, cursor: first.next });
  expect(rest).toMatchObject({ changed_count: 1, next: null, has_more: false });
  expect((await box('INBOX')).unseen).toBe(0);
  expect(await change({ filter: { flagged: true }, change: { trash: true } })).toMatchObject({
    changed_count: 1,
  });
  const before = new Date(world.clock.time).toISOString();
  expect(await change({ filter: { before }, change: { flagged: true } })).toMatchObject({ changed_count: 0 });
  expect([(await box('INBOX')).total, (await box('Trash')).total]).toEqual([500, 1]);
});
