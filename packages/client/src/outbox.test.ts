import { expect, test } from 'vitest';
import { ClientError, lost } from './client-error.ts';
import { type Letter, Outbox, type OutboxEntry, type Taken } from './outbox.ts';
import { FakeClock, seededRandom, settled } from './testing/fake-clock.ts';
import { defaultTiming } from './timing.ts';

const nothing = () => {};

/** An outbox whose far end answers by hand. */
class Bench {
  readonly clock = new FakeClock();
  readonly sent: (Letter & { resolve(taken: Taken): void; reject(error: ClientError): void })[] = [];
  isReachable = true;
  isOpen = false;
  readonly outbox = new Outbox({
    clock: this.clock,
    random: seededRandom(1),
    timing: defaultTiming,
    report: nothing,
    way: () =>
      this.isReachable
        ? (letter) => new Promise((resolve, reject) => this.sent.push({ ...letter, resolve, reject }))
        : null,
    knownOffset: () => 5,
    isOpen: () => this.isOpen,
    isLoading: () => false,
  });

  entries(): OutboxEntry[] {
    return this.outbox.slips.getSnapshot().map(({ entry }) => entry);
  }

  /** Words and states, oldest first. */
  shown(): string[] {
    return this.entries().map(({ draft, state }) => `${draft.text} ${state}`);
  }

  async take(text: string, offset = 9): Promise<void> {
    this.letter(text).resolve({ offset, message_id: `id of ${text}` });
    await settled();
  }

  async refuse(text: string, error: ClientError): Promise<void> {
    this.letter(text).reject(error);
    await settled();
  }

  private letter(text: string) {
    const letter = this.sent.findLast(({ draft }) => draft.text === text);
    if (!letter) throw new Error(`“${text}” was not sent.`);
    return letter;
  }
}

const moved = new ClientError('conversation.moved', 'correct', 'Something was said.', { about: { n: 1 } });
const busy = new ClientError('store.unavailable', 'retry', 'The store does not answer.');
const signIn = new ClientError('token.missing', 'sign-in', 'Sign in.');

test('within a conversation one goes after the other; conversations do not wait for each other', async () => {
  const bench = new Bench();
  bench.outbox.send('c1', { text: 'a' });
  bench.outbox.send('c1', { text: 'b' });
  bench.outbox.send('c2', { text: 'c' });
  expect(bench.shown()).toEqual(['a sending', 'b queued', 'c sending']);
  await bench.take('a');
  expect(bench.shown()).toEqual(['b sending', 'c sending']);
  await bench.take('b');
  await bench.take('c');
  expect([bench.shown(), bench.sent.map(({ draft }) => draft.text)]).toEqual([[], ['a', 'c', 'b']]);
});

test('an answer that never came is asked for again, under the same id, and those behind it wait', async () => {
  const bench = new Bench();
  const id = bench.outbox.send('c1', { text: 'a' });
  bench.outbox.send('c1', { text: 'b' });
  await bench.refuse('a', lost('x'));
  expect(bench.entries()[0]).toMatchObject({ state: 'queued', error: null });
  expect(bench.entries()[0]?.says).toContain('connection is back');
  expect(bench.sent).toHaveLength(1);
  await bench.clock.advance(2_000);
  expect(bench.sent.map((letter) => letter.id)).toEqual([id, id]);
  await bench.take('a');
  await bench.take('b');
  expect(bench.shown()).toEqual([]);
});

test('a connection that is back is used at once, whatever the delay was', async () => {
  const bench = new Bench();
  bench.outbox.send('c1', { text: 'a' });
  bench.isReachable = false;
  await bench.refuse('a', lost('x'));
  await bench.clock.advance(600_000);
  expect(bench.sent).toHaveLength(1);
  bench.isReachable = true;
  bench.outbox.connected();
  expect(bench.sent).toHaveLength(2);
});

test('what the sender must decide stays with its error, and those behind it go on', async () => {
  const bench = new Bench();
  bench.outbox.send('c1', { text: 'a' });
  bench.outbox.send('c1', { text: 'b' });
  await bench.refuse('a', moved);
  expect(bench.shown()).toEqual(['a failed', 'b sending']);
  expect(bench.entries()[0]).toMatchObject({ says: 'Something was said.', error: { about: { n: 1 } } });
  await bench.clock.advance(600_000);
  expect(bench.shown()).toEqual(['a failed', 'b sending']);
});

test('sent all the same, it goes under its own id with what was changed, once', async () => {
  const bench = new Bench();
  const id = bench.outbox.send('c1', { text: 'a', based_on: 3 });
  await bench.refuse('a', moved);
  const [entry] = bench.entries();
  entry?.retry({ override: true });
  entry?.retry({ override: true });
  expect(bench.sent.map((letter) => [letter.id, letter.draft])).toEqual([
    [id, { text: 'a', based_on: 3 }],
    [id, { text: 'a', based_on: 3, override: true }],
  ]);
  await bench.take('a');
  entry?.retry();
  expect([bench.shown(), bench.sent.length]).toEqual([[], 2]);
});

test('one that is given up goes; one on its way cannot be called back', async () => {
  const bench = new Bench();
  bench.outbox.send('c1', { text: 'a' });
  bench.outbox.send('c1', { text: 'b' });
  for (const entry of bench.entries()) entry.discard();
  expect(bench.shown()).toEqual(['a sending']);
  await bench.refuse('a', moved);
  bench.entries()[0]?.discard();
  expect([bench.shown(), bench.clock.pendingCount]).toEqual([[], 0]);
});

test('a server that says “not now” is asked again, eight times in all; then a person decides', async () => {
  const bench = new Bench();
  bench.outbox.send('c1', { text: 'a' });
  for (let times = 1; times < 8; times += 1) {
    await bench.refuse('a', busy);
    expect(bench.entries()[0]).toMatchObject({ state: 'queued', says: 'The store does not answer.' });
    await bench.clock.advance(30_000);
  }
  await bench.refuse('a', busy);
  expect([bench.shown(), bench.sent.length]).toEqual([['a failed'], 8]);
});

test('a connection that comes back is no reason to press a server that says “not now”', async () => {
  const bench = new Bench();
  bench.outbox.send('c1', { text: 'a' });
  await bench.refuse('a', busy);
  bench.outbox.connected();
  expect(bench.sent).toHaveLength(1);
});

test('who has to sign in again finds the message waiting', async () => {
  const bench = new Bench();
  bench.outbox.send('c1', { text: 'a' });
  bench.isReachable = false;
  await bench.refuse('a', signIn);
  expect(bench.entries()[0]).toMatchObject({ state: 'queued', error: null });
  bench.outbox.hold();
  bench.isReachable = true;
  await bench.clock.advance(600_000);
  bench.outbox.pump();
  expect(bench.sent).toHaveLength(1); // nobody knows yet who is back
  bench.outbox.connected();
  expect(bench.sent).toHaveLength(2);
});

test("somebody else gets nothing of it, and a late answer is nobody's", async () => {
  const bench = new Bench();
  bench.outbox.send('c1', { text: 'a' });
  bench.outbox.send('c1', { text: 'b' });
  bench.outbox.forget();
  await bench.take('a');
  expect([bench.shown(), bench.sent.length, bench.clock.pendingCount]).toEqual([[], 1, 0]);
});

test('what is taken stays while somebody looks, until their thread has it; at most five minutes', async () => {
  const bench = new Bench();
  bench.isOpen = true;
  bench.outbox.send('c1', { text: 'a' });
  await bench.take('a', 9);
  expect(bench.outbox.slips.getSnapshot()).toMatchObject([
    { taken: { offset: 9, message_id: 'id of a' }, after: 5 },
  ]);
  await bench.clock.advance(299_999);
  expect(bench.shown()).toHaveLength(1);
  await bench.clock.advance(1);
  expect(bench.shown()).toEqual([]);
});

test('what is sent later was said later than all that was taken before', async () => {
  const bench = new Bench();
  bench.isOpen = true;
  bench.outbox.send('c1', { text: 'a' });
  await bench.take('a', 9);
  bench.outbox.send('c1', { text: 'b' });
  expect(bench.outbox.slips.getSnapshot()[1]?.after).toBe(9);
});

test('a hundred may wait, and a megabyte; more is refused before it is taken', () => {
  const bench = new Bench();
  bench.isReachable = false;
  for (let n = 0; n < 100; n += 1) bench.outbox.send('c1', { text: 'a' });
  expect(() => bench.outbox.send('c2', { text: 'b' })).toThrow('Too much waits');
  bench.outbox.forget();
  bench.outbox.send('c1', { text: 'x'.repeat(1_000_000) });
  expect(() => bench.outbox.send('c1', { text: 'x'.repeat(100_000) })).toThrow('Too much waits');
  expect(bench.shown()).toHaveLength(1);
});

test('no more than eight conversations are sent to at a time', async () => {
  const bench = new Bench();
  for (let n = 0; n < 20; n += 1) bench.outbox.send(`c${n}`, { text: `m${n}` });
  expect(bench.sent).toHaveLength(8);
  await bench.take('m0');
  expect(bench.sent).toHaveLength(9);
});

test('ids are not drawn twice', () => {
  const bench = new Bench();
  bench.isReachable = false;
  const ids = Array.from({ length: 100 }, () => bench.outbox.send('c1', { text: 'a' }));
  expect(new Set(ids).size).toBe(100);
  expect(ids.every((id) => id.length <= 64)).toBe(true);
});
