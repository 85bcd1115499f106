import type { MailboxRow, MessageRow } from '@roost/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { commands, namedEvents } from '../domain/index.ts';
import { logReader } from '../log-reader.ts';
import { openWorld, type World } from './testing/world.ts';

const system = { kind: 'system', name: 'test' } as const;
const MARK = 'plutonium';

interface Reader {
  readonly role: string;
  readonly token: string;
}

let world: World;
let readers: Reader[];
let admins: Reader[];
let others: Reader[];
let inboxId: string;
beforeEach(async () => {
  world = await openWorld();
  readers = [];
  for (const role of ['owner', 'admin', 'agent', 'viewer'] as const)
    readers.push({ role, token: (await world.member(role)).token });
  admins = readers.slice(0, 2);
  others = readers.slice(2);
  inboxId = (await write(commands.createInbox, { kind: 'mail', address: 'desk.example', threads: false })).id;
  await write(commands.addRule, {
    inbox_id: inboxId,
    name: 'Keep back',
    conditions: [{ field: 'subject', op: 'contains', value: MARK, not: false }],
    actions: [{ type: 'decide', decision: 'QUARANTINE' }, { type: 'flag' }],
  });
});
afterEach(() => world.close());

async function write<C extends (typeof commands)[keyof typeof commands]>(
  command: C,
  input: object,
): Promise<Awaited<ReturnType<C['run']>>> {
  const call = { org: world.org, actor: system, input: input as never };
  return (await world.bus.execute(command as never, call)).result as Awaited<ReturnType<C['run']>>;
}

const get = async (reader: Reader, path: string) => {
  const answer = await world.ask('GET', `/api/v1/${path}`, { token: reader.token });
  return { status: answer.statusCode, text: answer.body, json: () => answer.json() };
};
const bring = (subject: string) =>
  write(commands.acceptMessages, {
    arrivals: [
      {
        to: ['bob@desk.example'],
        from: 'Ann <ann@shop.example>',
        subject,
        snippet: subject,
        size_bytes: 10,
        external_id: null,
        content: { headers: [], text: subject, html: null, attachments: [], truncated: false },
        source: null,
        attachment_blobs: [],
        problem: null,
      },
    ],
  }).then((accepted) => accepted[0]?.message_ids[0] as string);
const [owner] = [() => admins[0] as Reader];
const act = async (path: string, body: object, reader = owner()) => {
  const answer = await world.ask('POST', `/api/v1/quarantine/${path}`, { token: reader.token, body });
  return { status: answer.statusCode, ...answer.json() };
};

/** A list as a screen holds it: a page, and from then on only what changed. */
class Screen {
  rows = new Map<string, { id: string; version: number }>();
  cursor = '';
  last: { added: string[]; updated: string[]; deleted: string[] } = { added: [], updated: [], deleted: [] };

  constructor(
    readonly reader: Reader,
    readonly path: string,
  ) {}

  async open(): Promise<this> {
    const page = (await get(this.reader, this.path)).json();
    this.rows = new Map(page.rows.map((row: { id: string; version: number }) => [row.id, row]));
    this.cursor = page.cursor;
    return this;
  }

  /** Follows, holds what it then has equal to a fresh page, and says what it was told. */
  async follow(): Promise<{ added: string[]; updated: string[]; deleted: string[] }> {
    const { status, json } = await get(this.reader, `${this.path}?since=${this.cursor}`);
    if (status === 304) return { added: [], updated: [], deleted: [] };
    const { added, updated, deleted, cursor } = json();
    for (const row of [...added, ...updated]) this.rows.set(row.id, row);
    for (const id of deleted) this.rows.delete(id);
    this.cursor = cursor;
    const fresh = (await get(this.reader, this.path)).json().rows;
    const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? 1 : -1);
    expect([...this.rows.values()].sort(byId)).toEqual([...fresh].sort(byId));
    const ids = (rows: { id: string }[]) => rows.map(({ id }) => id);
    return { added: ids(added), updated: ids(updated), deleted };
  }
}

const nothing = { added: [], updated: [], deleted: [] };

describe('quarantined mail', () => {
  test('is told of to nobody but owners and admins, by no list, id, count, search or source', async () => {
    await bring('plain');
    const id = await bring(`${MARK} one`);
    const [mailbox] = await mailboxesOf(owner());
    for (const reader of others) {
      for (const path of [
        'inbox',
        'conversations',
        'contacts',
        'unread',
        `inboxes/${inboxId}/mailboxes`,
        `inboxes/${inboxId}/filters`,
        `mailboxes/${mailbox?.id}/messages`,
        `search?q=${MARK}`,
      ]) {
        const { text, status } = await get(reader, path);
        expect([path, status]).toEqual([path, 200]);
        expect(text).not.toContain(id);
        expect(text).not.toContain(`${MARK} one`);
      }
      for (const path of [`messages/${id}`, `messages/${id}/source`, `messages/${id}/attachments/0`])
        expect((await get(reader, path)).status).toBe(404);
      for (const path of ['quarantine', 'quarantine/search', 'dropped', 'ingest-attempts', 'delivery-health'])
        expect((await get(reader, path)).status).toBe(403);
      expect(await mailboxesOf(reader)).toMatchObject([
        { path: 'INBOX', total: 1, unseen: 1, size_bytes: 10 },
      ]);
      const [filter] = (await get(reader, `inboxes/${inboxId}/filters`)).json().rows;
      expect(filter).toMatchObject({ hits: 0, last_hit_at: null });
    }
    for (const reader of admins) {
      expect((await get(reader, 'quarantine')).json().rows.map((row: MessageRow) => row.id)).toEqual([id]);
      expect((await get(reader, `messages/${id}`)).status).toBe(200);
    }
  });

  test('an agent who tries a rule on it, or brings it, learns nothing either', async () => {
    const id = await bring(`${MARK} one`);
    const agent = others[0] as Reader;
    const tried = (reader: Reader) =>
      world.ask('POST', `/api/v1/inboxes/${inboxId}/filters/dry-run`, {
        token: reader.token,
        body: { rule: { actions: [{ type: 'flag' }] } },
      });
    expect((await tried(agent)).json()).toMatchObject({ rows: [], tried_count: 0 });
    expect((await tried(owner())).json().rows).toMatchObject([{ message_id: id, was: 'QUARANTINE' }]);
    const tested = await world.ask('POST', '/api/v1/rules/test', {
      token: agent.token,
      body: { rule: { pattern: 'x' }, sample: { message_id: id } },
    });
    expect(tested.json().code).toBe('message.unknown');
    const body = { to: 'bob@desk.example', from: 'x@y.example', subject: MARK };
    const brought = await world.ask('POST', '/api/v1/ingest/messages', { token: agent.token, body });
    expect(brought.json().results).toEqual([{ message_ids: [], repeated: false }]);
  });

  test('comes, is let out and put back: each kind of reader is told the right thing, and no more', async () => {
    const first = await bring('plain');
    const [mailbox] = await mailboxesOf(owner());
    const paths = ['inbox', `mailboxes/${mailbox?.id}/messages`];
    const lists = await Promise.all(
      readers.flatMap((reader) => paths.map((path) => new Screen(reader, path).open())),
    );
    const quarantines = await Promise.all(admins.map((reader) => new Screen(reader, 'quarantine').open()));
    const told = (screens: Screen[]) => Promise.all(screens.map((screen) => screen.follow()));

    const id = await bring(`${MARK} one`);
    expect(await told(lists)).toEqual(lists.map(() => nothing));
    expect(await told(quarantines)).toEqual(quarantines.map(() => ({ ...nothing, added: [id] })));

    expect((await act('release', { message_ids: [id] })).status).toBe(200);
    expect(await told(lists)).toEqual(lists.map(() => ({ ...nothing, added: [id] })));
    expect(await told(quarantines)).toEqual(quarantines.map(() => ({ ...nothing, deleted: [id] })));
    expect(await mailboxesOf(others[0] as Reader)).toMatchObject([{ total: 2, size_bytes: 20 }]);

    const opened = await Promise.all(readers.map((reader) => new Screen(reader, `messages/${id}`).open()));
    expect((await act('add', { message_ids: [id] })).status).toBe(200);
    expect(await told(lists)).toEqual(lists.map(() => ({ ...nothing, deleted: [id] })));
    expect(await told(quarantines)).toEqual(quarantines.map(() => ({ ...nothing, added: [id] })));
    const since = await Promise.all(
      opened.map(async ({ reader, path, cursor }) => (await get(reader, `${path}?since=${cursor}`)).json()),
    );
    for (const [at, { updated, deleted }] of since.entries()) {
      const isAdmin = at < admins.length;
      expect([updated.length, deleted]).toEqual(isAdmin ? [1, []] : [0, [id]]);
    }
    expect(await mailboxesOf(others[0] as Reader)).toMatchObject([{ total: 1, size_bytes: 10 }]);

    expect((await act('delete', { message_ids: [id] })).status).toBe(200);
    expect(await told(lists)).toEqual(lists.map(() => nothing));
    expect(await told(quarantines)).toEqual(quarantines.map(() => ({ ...nothing, deleted: [id] })));
    expect((await act('delete', { message_ids: [first] })).code).toBe('message.unknown');
  });

  test('no event tells of it before it is let out; then it has come', async () => {
    const [head] = await logReader(world.bus).heads([world.org]);
    const from = head?.offset ?? 0;
    const id = await bring(`${MARK} one`);
    const heard = async () => {
      const read = await logReader(world.bus).read(world.org, from, 100);
      if (!read) throw new Error('The log does not reach back so far');
      return read.entries.flatMap(({ changes }) => namedEvents({ at: 0, changes: JSON.parse(changes) }));
    };
    expect(await heard()).toEqual([]);
    await act('release', { message_ids: [id] });
    expect((await heard()).map((told) => told.event.event)).toEqual(['message:received']);
  });
});

describe('the quarantine', () => {
  test('is filtered by domain, sender, recipient and time, in pages', async () => {
    const ids = [];
    for (const n of [1, 2, 3]) {
      ids.unshift(await bring(`${MARK} ${n}`));
      world.clock.time += 60_000;
    }
    const find = async (query: string) =>
      (await get(owner(), `quarantine/search?${query}`)).json().rows.map(({ id }: MessageRow) => id);
    expect(await find('')).toEqual(ids);
    expect(await find('domain=desk.example&sender_domain=shop.example&recipient=bo')).toEqual(ids);
    for (const no of ['domain=x.example', 'sender_domain=desk.example', 'recipient=ann'])
      expect(await find(no)).toEqual([]);
    const since = new Date(Date.UTC(2026, 0, 1) + 60_000).toISOString();
    expect(await find(`from=${since}`)).toEqual(ids.slice(0, 2));
    expect(await find(`until=${since}`)).toEqual(ids.slice(2));
    const top = (await get(owner(), 'quarantine/search?limit=2')).json();
    expect(await find(`limit=2&before=${top.next}`)).toEqual(ids.slice(2));
  });

  test('makes one rule for each distinct value, and none twice', async () => {
    const message_ids = [await bring(`${MARK} 1`), await bring(`${MARK} 2`)];
    const make = (more: object) => act('rules', { message_ids, ...more });
    expect((await make({ by: 'sender', action: 'BLOCK' })).rows).toMatchObject([
      {
        domain: 'desk.example',
        conditions: [{ field: 'from', op: 'is', value: 'ann@shop.example' }],
        actions: [{ type: 'decide', decision: 'DROP' }],
      },
    ]);
    expect((await make({ by: 'subject', action: 'ALLOW' })).rows).toHaveLength(2);
    await make({ by: 'sender', action: 'BLOCK' });
    expect((await get(owner(), 'policies/desk.example/rules')).json().rows).toHaveLength(3);
    await bring('from Ann');
    expect((await get(owner(), 'dropped')).json().rows).toMatchObject([
      {
        sender: 'Ann <ann@shop.example>',
        subject: 'from Ann',
        decided_by: { field: 'from', value: 'ann@shop.example' },
      },
    ]);
  });
});

async function mailboxesOf(reader: Reader): Promise<MailboxRow[]> {
  const rows: MailboxRow[] = (await get(reader, `inboxes/${inboxId}/mailboxes`)).json().rows;
  return rows.filter(({ total }) => total > 0);
}
