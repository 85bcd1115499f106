import fc from 'fast-check';
import type { Database } from '../store/database.ts';
import { type VerbName, verbs } from './verbs.ts';
import { type JoinNodes, type Setup, World } from './world.ts';

/** What happens, to whom, and how: `a` and `b` are read by the verb. */
export type Step = readonly [verb: VerbName, a: number, b: number];

export interface Schedule {
  readonly setup: Setup;
  readonly steps: readonly Step[];
}

type Weights = Partial<Record<VerbName, number>>;

/** What every schedule has something of. */
const usual: Weights = {
  pass: 14,
  deliver: 6,
  remove: 4,
  burst: 2,
  open: 3,
  openMessage: 1,
  fetchMore: 2,
  cut: 1,
};

/** What every schedule of people who talk to each other has something of. */
const talk: Weights = {
  pass: 14,
  contactWrites: 7,
  say: 2,
  change: 2,
  readOne: 1,
  openConversations: 4,
  openConversation: 3,
  openOther: 4,
  fetchMore: 1,
  cut: 1,
};

/** How often each verb is drawn: everything at times, and more often what goes wrong with each other. */
const themes: readonly Weights[] = [
  Object.fromEntries(Object.keys(verbs).map((verb) => [verb, usual[verb as VerbName] ?? 1])),
  {
    ...usual,
    cut: 3,
    halfOpen: 1,
    double: 1,
    delay: 2,
    lose: 1,
    healPath: 2,
    retry: 1,
    sleep: 1,
    wake: 2,
    trim: 1,
  },
  { ...usual, burst: 6, flood: 2, slow: 5, healPath: 3, close: 2, read: 2, look: 1 },
  {
    ...usual,
    block: 4,
    swallow: 1,
    healPath: 1,
    fetchMore: 5,
    markRead: 2,
    read: 2,
    turnAway: 1,
    restore: 1,
    hintsLost: 1,
  },
  { ...usual, restart: 3, hintsLost: 2, hintsHeal: 1, trim: 1, fail: 2, delay: 1 },
  { ...usual, join: 5, leave: 4, startAgain: 2, cut: 3, restart: 1, block: 1, backUp: 1, restore: 1 },
  { ...usual, backUp: 2, restore: 3, trim: 2, cut: 2, block: 2, healPath: 1, rest: 1 },
  { ...talk, say: 6, race: 3, change: 5, remove: 3 },
  { ...talk, readOne: 5, markUnread: 4, markRead: 3, say: 3, removeUnread: 5, cut: 2, look: 1, fetchMore: 2 },
  { ...talk, contactWrites: 10, stir: 8, fetchMore: 4, change: 1, block: 1, healPath: 1, slow: 1 },
  {
    ...talk,
    access: 8,
    openAgain: 4,
    spy: 2,
    join: 2,
    leave: 2,
    cut: 2,
    block: 2,
    healPath: 2,
    restart: 1,
    hintsLost: 1,
  },
  {
    ...talk,
    direct: 5,
    participants: 7,
    spy: 3,
    say: 6,
    readOne: 2,
    markUnread: 2,
    cut: 2,
    block: 1,
    healPath: 1,
  },
  { ...talk, slow: 4, healPath: 3, access: 4, flood: 1, readOne: 2, markRead: 1, fetchMore: 2 },
  {
    ...talk,
    access: 2,
    backUp: 2,
    restore: 2,
    trim: 2,
    cut: 2,
    restart: 2,
    block: 2,
    sleep: 1,
    wake: 2,
    rest: 1,
  },
];
const STEPS_MAX = 45;
/** One schedule in so many waits until everything is let go, which takes long. */
const LEAVING_EVERY = 4;

const setup: fc.Arbitrary<Setup> = fc.record({
  seed: fc.nat({ max: 2 ** 31 - 1 }),
  nodes: fc.constantFrom(1, 1, 2, 3),
  readers: fc.integer({ min: 1, max: 3 }),
  messages: fc.constantFrom(0, 3, 12, 25, 60),
  isForgetful: fc.boolean(),
});

function stepsOf(weights: Weights): fc.Arbitrary<Step[]> {
  const verb = fc.oneof(
    ...Object.entries(weights).map(([name, weight]) => ({
      weight,
      arbitrary: fc.constant(name as VerbName),
    })),
  );
  return fc.array(fc.tuple(verb, fc.nat({ max: 99 }), fc.nat({ max: 99 })), {
    maxLength: STEPS_MAX,
    size: 'max',
  });
}

export const schedules: fc.Arbitrary<Schedule> = fc.record({
  setup,
  steps: fc.oneof(...themes.map(stepsOf)),
});

/** Runs a schedule to its end, then lets everything heal. @returns what went wrong */
export async function run(
  database: Database,
  { setup, steps }: Schedule,
  joinNodes: JoinNodes | null = null,
): Promise<readonly string[]> {
  const world = await World.begin(database, setup, joinNodes);
  try {
    for (const reader of world.readers) reader.screen.open({ channel: 'inbox', limit: 5 });
    for (const [verb, a, b] of steps) {
      if (world.wrongs.length > 0) break;
      await verbs[verb](world, a, b);
    }
    if (world.wrongs.length === 0) await world.rest();
    if (world.wrongs.length === 0 && setup.seed % LEAVING_EVERY === 0) await world.end();
    return world.wrongs;
  } finally {
    await world.close();
  }
}
