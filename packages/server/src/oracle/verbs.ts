import { type ConversationRow, conversationViews } from '@roost/protocol';
import type { Reader } from './reader.ts';
import type { ListName } from './screen.ts';
import type { World } from './world.ts';

const PAUSES_MS = [0, 1, 5, 20, 60, 200, 500, 800, 1_500, 3_000, 4_000, 6_000, 12_000, 31_000];
const LIMITS = [1, 2, 3, 5, 8, 20, 50];
const FILTERS = ['', '', '', 'bob', 'bo', 'B*', 'a_b', 'a%b', '*', 'nobody', 'BOB@A.', '*@b.*', '*l'];
const STIR_EVERY_MS = 12;
const RESTART_MS = [0, 30, 300, 2_000];

type Verb = (world: World, a: number, b: number) => void | Promise<void>;

/** Everything that can happen in a world, each to what `a` names, in the way `b` says. */
export const verbs = {
  // Time
  pass: (world, a) => world.time.advance(at(PAUSES_MS, a)),

  // Writers
  deliver: (world, a) => world.writers.deliver(1 + (a % 3)),
  flood: (world, a) => world.writers.deliver(10 + (a % 50)),
  burst: (world, a) => {
    for (let left = 2 + (a % 6); left > 0; left -= 1) world.writers.deliver(1);
  },
  remove: (world, a) => world.writers.remove(1 + (a % 3)),
  fail: (world, a) => world.writers.fail(a),
  markRead: (world, a, b) => {
    const person = at(world.people, a);
    const { head } = world.store.history;
    world.writers.markRead(person.userId, b % 5 === 0 ? head + 3 : Math.max(0, head - (b % 4)));
  },
  join: (world, a) => world.join(at(world.people, a).email),
  /** Told through a node, which hears of it at once, or beside all of them, as the command line does. */
  leave: async (world, a, b) => {
    const person = at(world.people, a);
    if (!person.isMember) return;
    if (b % 2 === 0) world.writers.removeMember(person.userId);
    else await world.leave(person);
  },
  // Those who talk to each other
  contactWrites: (world, a, b) => world.desk.contactsWrite(a, 1 + (b % 3)),
  say: (world, a, b) => {
    const conversation = latest(world, b);
    if (conversation) world.desk.say(at(world.people, a), conversation, Math.floor(b / 5));
  },
  race: (world, a) => {
    const conversation = latest(world, 0);
    if (!conversation) return;
    for (const person of world.people) world.desk.say(person, conversation, 3);
    if (a % 2 === 0) world.desk.contactsWrite(a, 1);
  },
  change: (world, a, b) => {
    const one = latest(world, b);
    const other = latest(world, b + 1);
    if (one && other) world.desk.change(at(world.people, a), b % 3 === 0 ? [one, other] : [one], a + b);
  },
  wakeSnoozed: (world) => world.desk.wake(),
  readOne: (world, a, b) => {
    const conversation = latest(world, b);
    if (conversation) world.desk.read(at(world.people, a), conversation, b % 4);
  },
  markUnread: (world, a, b) => {
    const conversation = latest(world, b);
    if (conversation) world.desk.unread(at(world.people, a), conversation);
  },
  direct: (world, a, b) => {
    const others = [at(world.people, a + 1), ...(b % 2 === 0 ? [at(world.people, a + 2)] : [])];
    world.desk.direct(at(world.people, a), others);
  },
  participants: (world, a, b) => {
    const direct = world.desk.conversations.filter(({ kind }) => kind === 'direct').at(-1);
    if (direct) world.desk.participants(at(world.people, a), direct, at(world.people, b), b % 3 === 0);
  },
  removeUnread: (world, a, b) => world.desk.removeUnread(at(world.people, a), 1 + (b % 2)),
  /** While somebody leafs through a narrow list, what lies below moves to its top. */
  stir: async (world, a, b) => {
    const { screen } = reader(world, a);
    const wide = { channel: 'conversations', params: { view: 'all' } };
    world.desk.contactsWrite(a, 2);
    screen.open({ ...wide, limit: 1 });
    await world.time.advance(at(PAUSES_MS, b % 7));
    for (const { looking, list } of screen.lists)
      if (looking.channel === wide.channel) void list.fetchMore().catch(() => {});
    for (let left = 3; left > 0; left -= 1) {
      world.desk.stir(at(world.people, a + left));
      await world.time.advance(STIR_EVERY_MS);
    }
  },
  spy: (world, a, b) => world.spy(b % 3 === 0 ? null : at(world.people, a)),
  access: (world, a, b) => world.desk.changeAccess(a, b),
  rename: (world, a) => world.desk.rename(a),
  keepLabel: (world, a) => world.desk.keepLabel(a),

  trim: (world, a) => world.store.trim(a % 6),
  backUp: (world) => world.store.backUp(),
  restore: (world) => world.restore(),

  // What people do
  open: (world, a, b) => reader(world, a).screen.open(listName(world, b)),
  openMessage: (world, a, b) => {
    const ids = world.writers.messageIds;
    if (ids.length > 0) reader(world, a).screen.open({ channel: `message:${at(ids.slice(-12), b)}` });
  },
  openConversations: (world, a, b) => reader(world, a).screen.open(conversationsName(world, b)),
  openConversation: (world, a, b) => {
    const conversation = latest(world, b);
    const word = at(['thread', 'conversation', 'thread', 'reads'], Math.floor(b / 3));
    if (conversation)
      reader(world, a).screen.open({ channel: `${word}:${conversation.id}`, limit: at(LIMITS, b) });
  },
  openOther: (world, a, b) => {
    const channel = at(['unread', 'direct', 'unread', 'members', 'inboxes', 'contacts', 'labels'], b);
    reader(world, a).screen.open({ channel, limit: at(LIMITS, a) });
  },
  /** Gone from the screen, and there again a moment later or much later. */
  openAgain: async (world, a, b) => {
    const { screen } = reader(world, a);
    if (screen.lists.length === 0) return;
    const { looking } = at(screen.lists, b);
    screen.close(b % screen.lists.length);
    if (b % 2 === 0) reader(world, a).cut();
    await world.time.advance(at(PAUSES_MS, b));
    screen.open({ channel: looking.channel, params: looking.params, limit: 5 });
  },
  close: (world, a, b) => {
    const { screen } = reader(world, a);
    if (screen.lists.length > 0) screen.close(b % screen.lists.length);
  },
  fetchMore: (world, a, b) => {
    const { lists } = reader(world, a).screen;
    if (lists.length > 0)
      void at(lists, b)
        .list.fetchMore()
        .catch(() => {});
  },
  read: (world, a, b) => reader(world, a).read(Math.max(0, world.store.history.head - (b % 3))),
  startAgain: (world, a) => reader(world, a).client.start(),
  retry: (world, a) => reader(world, a).client.retry(),
  stop: (world, a) => reader(world, a).client.stop(),
  look: (world, a) => reader(world, a).happens('visible'),
  turnAway: (world, a, b) => {
    reader(world, a).isVisible = b % 2 === 0;
  },
  goOffline: (world, a) => reader(world, a).goOffline(),
  goOnline: (world, a) => reader(world, a).goOnline(),
  sleep: (world, a) => reader(world, a).sleep(),
  wake: (world, a) => reader(world, a).wake(),

  // What the network does
  cut: (world, a) => reader(world, a).cut(),
  lose: (world, a) => {
    const one = reader(world, a);
    one.path.isDown = true;
    one.cut();
  },
  halfOpen: (world, a) => reader(world, a).halfOpen(),
  delay: (world, a, b) => {
    reader(world, a).path.latencyMs = [b, b * 40];
  },
  slow: (world, a) => {
    reader(world, a).path.isSlow = true;
  },
  block: (world, a, b) => {
    const one = reader(world, a);
    one.path.sockets = b % 2 === 0 ? 'refused' : 'swallowed';
    if (b % 3 === 0) one.cut();
  },
  swallow: (world, a) => {
    reader(world, a).path.swallowsAnswers = true;
  },
  double: (world, a) => {
    const one = reader(world, a);
    one.path.doublesNext = true;
    one.cut();
  },
  healPath: (world, a) => reader(world, a).heal(),
  hintsLost: (world) => world.hints.worsen(),
  hintsHeal: (world) => world.hints.heal(),

  // What happens to servers
  restart: (world, a, b) => {
    if (world.nodes.length > 0) world.restartNode(at(world.nodes, a), at(RESTART_MS, b));
  },

  /** Everything heals, and everybody must be right before it goes on. */
  rest: (world) => world.rest(),
} satisfies Record<string, Verb>;

export type VerbName = keyof typeof verbs;

function listName(world: World, b: number): ListName {
  if (b % 9 === 0) return { channel: 'me' };
  const filter = at(FILTERS, b).replace('BOB@A.', `BOB@a.${world.store.org}.test`);
  return {
    channel: 'inbox',
    params: filter === '' ? {} : { filter },
    limit: at(LIMITS, Math.floor(b / 7)),
  };
}

function conversationsName(world: World, b: number): ListName {
  const inboxes = world.store.history.now.all('inbox');
  const params: Record<string, string> = { view: at(conversationViews, b) };
  if (b % 4 === 1 && inboxes.length > 0) params.inbox = at(inboxes, b).id;
  if (b % 4 === 2) params.label = 'vip';
  return { channel: 'conversations', params, limit: at(LIMITS, Math.floor(b / 5)) };
}

/** One of the last that something happened in. */
function latest(world: World, b: number): ConversationRow | undefined {
  const newest = [...world.desk.conversations].sort((one, other) => (one.activity < other.activity ? 1 : -1));
  return newest[b % Math.min(5, Math.max(1, newest.length))];
}

function reader(world: World, a: number): Reader {
  return at(world.readers, a);
}

function at<T>(from: readonly T[], place: number): T {
  return from[place % from.length] as T;
}
