import { arrivalOffset } from '@roost/protocol';
import { systemRandom } from '../clock.ts';
import { type QueryCall, StoreEngine } from '../commands/index.ts';
import { queries, registry, type ViewPage } from '../domain/index.ts';
import { pick } from './chance.ts';
import type { Looking } from './looking.ts';
import type { Reader } from './reader.ts';
import type { World } from './world.ts';

const ALL_ROWS = 100_000;
/** More pages than any list has here. */
const PAGES_MAX = 200;
const PAGE_STEP_MS = 50;

/** In a quiet world everybody sees, byte for byte, what a fresh look at the store shows them. */
export async function judge(world: World): Promise<void> {
  await world.writers.check();
  for (const reader of world.readers) if (reader.person.isMember) await judgeReader(world, reader);
}

/** Leafing goes on to the end of a list, and then everything is there (rule S5). */
export async function judgeLeafing(world: World): Promise<void> {
  for (const { name, person, screen } of world.readers) {
    const one = person.isMember ? pick(world.random, screen.lists) : undefined;
    for (let pages = 0; one?.list.getSnapshot().hasMore; pages += 1) {
      if (pages > PAGES_MAX) return world.wrong(`${name} leafs through ${one.view.key} without end`);
      void one.list.fetchMore().catch(() => {});
      while (one.list.getSnapshot().isFetchingMore) await world.time.advance(PAGE_STEP_MS);
    }
  }
}

async function judgeReader(world: World, reader: Reader): Promise<void> {
  const { gaps } = reader.client.inspect().counters;
  if (gaps > 0) world.wrong(`${reader.name} missed something on a connection that loses nothing`);
  for (const { view, list, looking } of reader.screen.lists) {
    const { rows, hasMore, error, cursor } = list.getSnapshot();
    const wrong = (says: string) => world.wrong(`${reader.name}, at rest: ${view.key} ${says}`);
    const fresh = await readAll(world, looking);
    if (error && UNSEEN.includes(error.code)) {
      // Once refused it stays so for as long as the client keeps its way, even where it could be seen again.
      if (rows.length > 0) wrong(`shows ${rows.length} rows under ${error.code}`);
      if (fresh.length > 0 && !world.store.wasEverEmpty(looking)) wrong(`tells of ${error.code}`);
      continue;
    }
    if (error && !mayStay(error.code)) wrong(`tells of ${error.code}`);
    if (hasMore ? fresh.length < rows.length : fresh.length !== rows.length)
      wrong(`shows ${rows.length} rows${hasMore ? ' and more' : ''} of ${fresh.length}, as of ${cursor}`);
    rows.forEach((row, at) => {
      if (JSON.stringify(row) !== fresh[at]) wrong(`shows ${JSON.stringify(row)} instead of ${fresh[at]}`);
    });
  }
  await judgeUnread(world, reader);
}

/** Unread is what is in the inbox past the person's own read cursor (rule U1). */
async function judgeUnread(world: World, { screen, client, person, name }: Reader): Promise<void> {
  const isShown = (channel: string) => screen.lists.some((one) => one.view.key === channel);
  if (!isShown('inbox') || !isShown(`me:${person.userId}`)) return;
  const { count, atLeast } = client.unreadMail.getSnapshot();
  const [me] = await world.store.track(() =>
    world.database.read((tx) =>
      tx.all<{ read_offset: number }>(
        'select read_offset from member where org = ? and id = ?',
        world.store.org,
        person.userId,
      ),
    ),
  );
  const looking = { userId: person.userId, channel: 'inbox', params: {} };
  const mails = world.store.history.rowsAt(looking, world.store.history.head);
  const unread = mails.filter(({ id }) => arrivalOffset(id) > (me?.read_offset ?? 0)).length;
  if (atLeast ? count > unread : count !== unread)
    world.wrong(`${name}, at rest: ${count}${atLeast ? '+' : ''} unread instead of ${unread}`);
}

async function readAll(world: World, { userId, channel, params }: Looking): Promise<readonly string[]> {
  const call: QueryCall = {
    org: world.store.org,
    actor: { kind: 'member', user_id: userId, session_id: '' },
    name: queries.readView.name,
    input: { channel, params, user_id: userId, before: null, limit: ALL_ROWS },
  };
  const engine = new StoreEngine(world.database, registry, world.time, systemRandom);
  const outcome = await world.store.track(() => engine.query(call));
  if (!outcome.ok && UNSEEN.includes(outcome.code)) return [];
  if (!outcome.ok) throw new Error(outcome.says);
  return (outcome.result as ViewPage).rows;
}

/** What somebody is told who may not see it, or for whom there is nothing. */
const UNSEEN: readonly string[] = ['message.unknown', 'conversation.unknown'];

/** Older rows could not be fetched, which is told until the list changes again. */
function mayStay(code: string): boolean {
  return code === 'connection.lost' || code === 'answer.late';
}
