import { expect, test } from 'vitest';
import { ClientError, lost, malformed } from './client-error.ts';
import { newCounters } from './counters.ts';
import { Lists } from './lists.ts';
import { Poller } from './polling.ts';
import type { ListAnswer, Rest } from './rest.ts';
import { FakeClock, settled } from './testing/fake-clock.ts';
import { defaultTiming } from './timing.ts';

const nothing = () => {};
const row = (id: string, version = 1) => ({ id, version });
const page = (ids: string, offset: number): ListAnswer => ({
  kind: 'page',
  page: { rows: [...ids].map((id) => row(id)), next: null, has_more: false, cursor: `e1.${offset}` },
});
const delta = (prev: number, offset: number, added: string, epoch = 'e1'): ListAnswer => ({
  kind: 'delta',
  delta: {
    prev,
    offset,
    added: [...added].map((id) => row(id, offset)),
    updated: [],
    deleted: [],
    cursor: `${epoch}.${offset}`,
  },
});
const same = (offset: number, epoch = 'e1'): ListAnswer => ({ kind: 'same', cursor: { epoch, offset } });

/** A poller whose server answers what the test puts there. */
function build() {
  const clock = new FakeClock();
  const lists = new Lists({
    clock,
    releaseDelayMs: 0,
    report: nothing,
    changed: nothing,
    fetchPage: async () => true,
  });
  const answers: (ListAnswer | Error | Promise<ListAnswer>)[] = [];
  const asked: string[] = [];
  const answer = async (question: string): Promise<ListAnswer> => {
    asked.push(question);
    const next = answers.shift() ?? malformed();
    if (next instanceof Error) throw next;
    return next;
  };
  const rest: Pick<Rest, 'top' | 'since'> = {
    top: ({ channel }, limit) => answer(`${channel} top ${limit}`),
    since: ({ channel }, { offset }) => answer(`${channel} since ${offset}`),
  };
  const rounds: (string | null)[] = [];
  const signedOut: string[] = [];
  let isVisible = true;
  const poller = new Poller({
    lists,
    rest,
    clock,
    random: () => 0.5,
    timing: defaultTiming,
    counters: newCounters(),
    isVisible: () => isVisible,
    polled: (error: ClientError | null) => rounds.push(error?.code ?? null),
    signedOut: (why) => signedOut.push(why),
  });
  const inbox = lists.list('inbox');
  inbox.subscribe(nothing);
  const ids = () =>
    inbox
      .getSnapshot()
      .rows.map(({ id }) => id)
      .join('');
  const hide = () => {
    isVisible = false;
  };
  return { clock, lists, poller, answers, asked, rounds, signedOut, inbox, ids, hide };
}

test('first the top, then what changed after it, then again and again', async () => {
  const { poller, answers, asked, ids, clock, rounds } = build();
  answers.push(page('ba', 3), delta(3, 5, 'c'), same(9));
  await poller.round();
  await clock.advance(4_000);
  await clock.advance(4_000);
  expect(asked).toEqual(['inbox top 50', 'inbox since 3', 'inbox since 5']);
  expect([ids(), rounds]).toEqual(['cba', [null, null, null]]);
});

test('of a node that is behind nothing is shown: it would be an earlier moment', async () => {
  const { poller, answers, ids, inbox } = build();
  const unknown = new ClientError('cursor.unknown', 'resync', 'x');
  answers.push(page('ba', 3), unknown, page('a', 2), unknown, page('cba', 5));
  await poller.round();
  await poller.round();
  expect([ids(), inbox.getSnapshot().error]).toEqual(['ba', null]);
  await poller.round();
  expect(ids()).toBe('cba');
});

test.each([
  ['access.forbidden', 'give-up', ''],
  ['conversation.unknown', 'give-up', ''],
  ['route.unknown', 'correct', 'ba'],
] as const)('[A2] %s: %s, and what is left of the rows is “%s”', async (code, remedy, left) => {
  const { poller, answers, asked, ids, inbox } = build();
  answers.push(page('ba', 3), new ClientError(code, remedy, 'x'));
  await poller.round();
  await poller.round();
  expect([ids(), inbox.getSnapshot()]).toMatchObject([left, { isLoading: false, error: { code } }]);
  await poller.round();
  expect(asked).toHaveLength(2);
});

test.each([
  ['begins after it', delta(4, 5, 'x')],
  ['is of another log', delta(3, 5, 'x', 'e2')],
  ['stands still in another log', same(9, 'e2')],
])('where what changed %s, the list is read from its top', async (_, answer) => {
  const { poller, answers, asked, ids } = build();
  answers.push(page('ba', 3), answer, page('cba', 6));
  await poller.round();
  await poller.round();
  expect(ids()).toBe('cba');
  expect(asked).toEqual(['inbox top 50', 'inbox since 3', 'inbox top 50']);
});

test('an unreadable top is told, and asked for again', async () => {
  const { poller, answers, inbox, rounds, clock } = build();
  answers.push({ kind: 'page', page: { rows: [], next: null, has_more: false, cursor: 'x' } });
  await poller.round();
  expect(rounds).toEqual(['answer.malformed']);
  expect(inbox.getSnapshot().error?.code).toBe('answer.malformed');
  answers.push(page('a', 1));
  await clock.advance(5_000);
  expect(inbox.getSnapshot()).toMatchObject({ error: null, rows: [{ id: 'a' }] });
});

test("what is nobody's error is told as an unreadable answer", async () => {
  const { poller, answers, rounds } = build();
  answers.push(new Error('bug'));
  await poller.round();
  expect(rounds).toEqual(['answer.malformed']);
});

test('a server that does not answer is asked more rarely, and its lists keep quiet', async () => {
  const { poller, answers, asked, inbox, rounds, clock } = build();
  answers.push(lost('x'), page('a', 1));
  await poller.round();
  expect([rounds, inbox.getSnapshot().error]).toEqual([['connection.lost'], null]);
  await clock.advance(22_000);
  expect(asked).toHaveLength(1);
  await clock.advance(500);
  expect(asked).toHaveLength(2);
});

test('unseen, it polls more rarely', async () => {
  const { poller, answers, asked, clock, hide } = build();
  hide();
  answers.push(page('a', 1), same(2));
  await poller.round();
  await clock.advance(22_000);
  expect(asked).toHaveLength(1);
  await clock.advance(500);
  expect(asked).toHaveLength(2);
});

test('a new list is asked for at once, and one under way not twice', async () => {
  const { poller, answers, asked, lists } = build();
  answers.push(page('a', 1), page('b', 1));
  const round = poller.round();
  lists.list('me').subscribe(nothing);
  poller.hurry();
  poller.hurry();
  await round;
  expect(asked).toEqual(['inbox top 50', 'me top 50']);
});

test('a round asked for during a round follows it', async () => {
  const { poller, answers, asked } = build();
  answers.push(page('a', 1), same(2));
  const round = poller.round();
  await poller.round();
  await poller.round();
  await round;
  expect(asked).toHaveLength(2);
});

test('an ended poller takes no answer and asks no more', async () => {
  const { poller, answers, asked, ids, rounds, clock } = build();
  let arrive = (_: ListAnswer) => {};
  answers.push(
    new Promise((resolve) => {
      arrive = resolve;
    }),
  );
  const round = poller.round();
  await settled();
  poller.end();
  arrive(page('a', 1));
  await round;
  await clock.advance(60_000);
  expect([ids(), rounds, asked.length]).toEqual(['', [], 1]);
});

test('ended between two questions, it takes neither answer', async () => {
  const { poller, answers, ids } = build();
  answers.push(page('a', 1));
  await poller.round();
  let arrive = (_: ListAnswer) => {};
  answers.push(delta(9, 10, 'x'), new Promise((resolve) => (arrive = resolve)));
  const round = poller.round();
  await settled();
  poller.end();
  arrive(page('zz', 11));
  await round;
  expect(ids()).toBe('a');
});

test('ended by who hears of the round, it makes no other', async () => {
  const { poller, answers, clock, rounds } = build();
  answers.push(page('a', 1));
  const push = rounds.push.bind(rounds);
  rounds.push = (...each) => {
    poller.end();
    return push(...each);
  };
  await poller.round();
  expect([rounds.length, clock.pendingCount]).toEqual([1, 0]);
});
