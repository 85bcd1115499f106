import { viewOfChannel } from '@roost/protocol';
import { describe, expect, test } from 'vitest';
import type { ListParams } from './channels.ts';
import { ConversationScreen } from './testing/conversation-screen.ts';
import { seededRandom } from './testing/fake-clock.ts';
import { MYSELF } from './testing/fake-log.ts';
import { type OpenList, World } from './testing/world.ts';

/** Schedules that went wrong once are kept here by their seed. */
const KEPT_SEEDS: number[] = [47, 146, 166, 731];
const RUNS = 200;
const STEPS = 80;

const BOB = 'bob@example.org';
const CARL = 'carl@example.org';
/** What may be opened and closed; the last inbox is hidden and shown again. */
const CHANNELS: readonly (readonly [string, ListParams])[] = [
  ['inbox', {}],
  ['inbox', { filter: 'bob' }],
  ['inbox', { filter: 'carl' }],
  ['me', {}],
  ['conversations', {}],
  ['conversations', { view: 'mine' }],
  ['conversations', { view: 'closed', inbox: 'i1' }],
  ['unread', {}],
  ['thread:c1', {}],
  ['thread:c3', {}],
];

describe('whatever happens in between, every list ends as a fresh snapshot would show it, and every message is said once', () => {
  const seeds = [...KEPT_SEEDS, ...Array.from({ length: RUNS }, (_, at) => at + 1)];
  test.each(chunked(seeds, 50))('schedules %i and following', async (...chunk) => {
    for (const seed of chunk) await run(seed);
  });
});

/** What one person has sent in a day. */
interface Sent {
  readonly conversation: string;
  readonly text: string;
  /** Nothing that came meanwhile keeps it from being said. */
  readonly isSure: boolean;
}

async function run(seed: number): Promise<void> {
  const random = seededRandom(seed * 7_919);
  const draw = (count: number) => Math.floor(random() * count);
  const world = new World({ seed, timing: { releaseDelayMs: 500 } });
  const { server, surroundings } = world;
  const { log } = server;
  log.change('c1');
  log.change('c2');
  log.change('c3', { inbox_id: 'i3' });
  const lists: (OpenList & { name: string })[] = [];
  const ids: string[] = [];
  const sent: Sent[] = [];
  const discarded = new Set<string>();
  const screens = ['c1', 'c2'].map((id) => new ConversationScreen(world, id));
  const open = () => {
    const [channel, params] = CHANNELS[draw(CHANNELS.length)] as (typeof CHANNELS)[number];
    lists.push(Object.assign(world.open(channel, { ...params, limit: 1 + draw(8) }), { name: channel }));
  };
  const anyId = () => ids[draw(ids.length)];
  const anyConversation = () => `c${1 + draw(3)}`;
  const send = (isSure: boolean) => {
    const screen = screens[draw(screens.length)] as ConversationScreen;
    const text = `s${sent.length}`;
    sent.push({ conversation: screen.id, text, isSure });
    screen.send(text, { override: isSure });
  };
  const writes: (() => unknown)[] = [
    () => ids.push(log.deliver(`m${ids.length}`, draw(2) ? BOB : CARL)),
    () => ids.push(log.deliver(`m${ids.length}`)),
    () => {
      const id = anyId();
      if (id) log.edit(id, { to: [draw(2) ? BOB : CARL] });
    },
    () => {
      const id = anyId();
      if (id) ids.splice(ids.indexOf(id), 1);
      if (id) log.remove(id);
    },
    () => log.readUpTo(log.head),
    () => log.say(anyConversation(), { text: 'inbound' }),
    () => log.say(anyConversation(), { text: 'inbound' }),
    () =>
      log.say(anyConversation(), { text: 'outbound', kind: 'outbound', author_id: draw(2) ? 'u1' : 'u2' }),
    () => log.change(anyConversation(), { status: draw(2) ? 'open' : 'closed' }),
    () => log.change(anyConversation(), { assignee_id: draw(2) ? 'u1' : null }),
    () => log.readIn(anyConversation(), log.head),
    () => send(true),
    () => send(true),
    () => send(false),
  ];
  const steps: (() => unknown)[] = [
    open,
    () => lists.splice(draw(lists.length), 1)[0]?.close(),
    () => void lists[draw(lists.length)]?.list.fetchMore(),
    () => server.cutAll(),
    () => server.die(),
    () => server.blockSockets(),
    () => server.freezeAll(),
    () => server.recover(),
    () => server.recover(),
    () => server.recover(),
    () => {
      server.httpLag = draw(3);
    },
    () => {
      server.answerDelayMs = draw(2) * draw(40);
    },
    () => {
      server.losesAnswers = draw(3) === 0;
    },
    () => server.drainAll(draw(3_000)),
    () => {
      log.oldest = Math.max(0, log.head - draw(5));
    },
    () => {
      if (draw(4) === 0) server.restore(`e${draw(1_000)}`);
    },
    () => server.hide(...(draw(2) ? ['i3'] : [])),
    () => {
      const screen = screens[draw(screens.length)] as ConversationScreen;
      const failed = screen.pending.find(({ state }) => state === 'failed');
      const text = failed?.draft.text ?? '';
      if (!failed) return;
      if (draw(3) === 0) {
        screen.letGo(text);
        discarded.add(text);
        failed.discard();
      } else failed.retry({ override: true });
    },
    () => (draw(2) ? surroundings.goOffline() : surroundings.goOnline()),
    () => world.client.retry(),
  ];
  open();
  open();
  world.client.start();
  for (let step = 0; step < STEPS; step += 1) {
    const todo = draw(3) === 0 ? steps : writes;
    todo[draw(todo.length)]?.();
    await world.advance(draw(12) === 0 ? draw(20_000) : draw(12));
    for (const { name, state } of lists) checkOrder(seed, name, state.rows);
  }
  server.recover();
  server.httpLag = 0;
  server.losesAnswers = false;
  surroundings.goOnline();
  world.client.retry();
  await world.advance(65_000); // half-open connections are noticed by then
  for (const { pending } of screens) for (const entry of pending) entry.retry({ override: true });
  await world.advance(1_000);
  expect(world.status.state, `seed ${seed}`).toBe('live');
  const isKept = (name: string) => name === 'thread:c3' && server.hidden.includes('i3');
  for (const { name, state } of lists) {
    const inside = JSON.stringify(world.client.inspect());
    expect(state.error?.code ?? null, `seed ${seed} ${inside}`).toBe(
      isKept(name) ? 'conversation.unknown' : null,
    );
    expect(state.isLoading, `seed ${seed}`).toBe(false);
  }
  await checkTruth(seed, world);
  checkSaid(seed, world, sent, discarded);
  expect(screens.flatMap(({ faults }) => faults).slice(0, 3), `seed ${seed}`).toEqual([]);
  expect(world.thrown).toEqual([]);
}

async function checkTruth(seed: number, world: World): Promise<void> {
  const viewer = { ...MYSELF, hidden: world.server.hidden };
  for (const [channel, params] of CHANNELS) {
    const list = world.open(channel, params);
    await world.advance(100);
    const { rows, hasMore } = list.state;
    const truth = world.server.log.truth(channel, params as Record<string, unknown>, viewer);
    expect(rows, `seed ${seed} ${channel}`).toEqual(truth.slice(0, rows.length));
    // What lay below may have been deleted since, unseen; but what is there is never hidden.
    expect(hasMore || rows.length === truth.length, `seed ${seed} ${channel}`).toBe(true);
  }
  const unread = world.server.log.truth('unread', {}, viewer).filter(({ status }) => status !== 'closed');
  world.client.unread.subscribe(() => {});
  expect(world.client.unread.getSnapshot(), `seed ${seed}`).toMatchObject({
    conversations: unread.length,
    messages: unread.reduce((sum, row) => sum + Number(row.unread), 0),
  });
}

/** Each message exactly once, in the order in which they were written where nobody had to decide. */
function checkSaid(
  seed: number,
  { server }: World,
  sent: readonly Sent[],
  discarded: ReadonlySet<string>,
): void {
  for (const conversation of ['c1', 'c2']) {
    const truth = server.log.truth(`thread:${conversation}`).map((row) => String(row.text));
    const said = truth.filter((text) => /^s\d/.test(text)).reverse();
    const own = sent.filter((each) => each.conversation === conversation && !discarded.has(each.text));
    expect([...said].sort(), `seed ${seed} ${conversation}`).toEqual(own.map(({ text }) => text).sort());
    const sure = own.filter(({ isSure }) => isSure).map(({ text }) => text);
    expect(
      said.filter((text) => sure.includes(text)),
      `seed ${seed} ${conversation}: order`,
    ).toEqual(sure);
  }
}

function checkOrder(seed: number, name: string, rows: readonly { readonly id: string }[]): void {
  const { sortKey } = viewOfChannel(name, {}, MYSELF);
  const keys = rows.map((row) => sortKey(row as never));
  for (let at = 1; at < keys.length; at += 1)
    expect((keys[at - 1] ?? '') > (keys[at] ?? ''), `seed ${seed}: order`).toBe(true);
}

function chunked(all: readonly number[], size: number): number[][] {
  const chunks: number[][] = [];
  for (let at = 0; at < all.length; at += size) chunks.push(all.slice(at, at + size));
  return chunks;
}
