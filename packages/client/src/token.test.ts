import { expect, test } from 'vitest';
import { FakeClock, settled } from './testing/fake-clock.ts';
import { type GetToken, TokenKeeper } from './token.ts';

function keeper(...answers: (string | null | Promise<string | null>)[]) {
  const clock = new FakeClock();
  const asked: string[] = [];
  const getToken: GetToken = async (reason) => {
    asked.push(reason);
    return answers[asked.length - 1] ?? `token-${asked.length}`;
  };
  return { clock, asked, keeper: new TokenKeeper(getToken, clock, 10_000) };
}

test('who needs a token meanwhile shares the question, and later the token', async () => {
  const { keeper: tokens, asked } = keeper();
  const [one, two] = await Promise.all([tokens.ask(), tokens.get()]);
  expect(one).toBe(two);
  expect(await tokens.get()).toBe(one);
  expect(asked).toEqual(['start']);
});

test('each connection asks anew: the app knows best whether a token is still good', async () => {
  const { keeper: tokens, asked } = keeper();
  await tokens.ask();
  await tokens.ask();
  expect(asked).toEqual(['start', 'start']);
});

test('a refused token is worth another one, but not a third', async () => {
  const { keeper: tokens, asked } = keeper();
  expect(tokens.refused(await tokens.ask())).toBe(true);
  expect(tokens.refused(await tokens.get())).toBe(false);
  expect(asked).toEqual(['start', 'expired']);
});

test('a token that was taken in between starts the count again', async () => {
  const { keeper: tokens, asked } = keeper();
  tokens.refused(await tokens.ask());
  const second = await tokens.get();
  tokens.accepted();
  expect(tokens.refused(second)).toBe(true);
  await tokens.get();
  expect(asked).toEqual(['start', 'expired', 'expired']);
});

test('two that are refused with the same token are one refusal', async () => {
  const { keeper: tokens, asked } = keeper();
  const token = await tokens.ask();
  expect([tokens.refused(token), tokens.refused(token)]).toEqual([true, true]);
  await tokens.get();
  expect(asked).toEqual(['start', 'expired']);
});

test('an answer to a question from before the refusal is not kept', async () => {
  let answer = (_: string) => {};
  const slow = new Promise<string>((resolve) => {
    answer = resolve;
  });
  const { keeper: tokens, asked } = keeper('old', slow);
  const old = await tokens.ask();
  const stale = tokens.ask();
  await settled();
  tokens.refused(old);
  answer('old');
  expect((await stale).text).toBe('old');
  expect((await tokens.get()).text).toBe('token-3');
  expect(asked).toEqual(['start', 'start', 'expired']);
  expect(tokens.refused(await stale)).toBe(true);
});

test('a new start forgets the person before', async () => {
  const { keeper: tokens, asked } = keeper();
  tokens.refused(await tokens.ask());
  tokens.reset();
  await tokens.get();
  expect(asked).toEqual(['start', 'start']);
});

test('an app that does not answer in ten seconds is not waited for, and its late answer not kept', async () => {
  let answer = (_: string) => {};
  const slow = new Promise<string>((resolve) => {
    answer = resolve;
  });
  const { keeper: tokens, clock, asked } = keeper(slow);
  const late = tokens.ask();
  late.catch(() => {});
  await clock.advance(10_000);
  await expect(late).rejects.toMatchObject({ code: 'token.unavailable', remedy: 'retry' });
  answer('too late');
  await settled();
  expect((await tokens.get()).text).toBe('token-2');
  expect(asked).toHaveLength(2);
});

test.each([
  ['null', null],
  ['something else', 7 as unknown as string],
  ['nothing', ''],
])('an answer of %s means that nobody is signed in', async (_, answer) => {
  const tokens = new TokenKeeper(async () => answer, new FakeClock(), 1);
  await expect(tokens.ask()).rejects.toMatchObject({ code: 'token.missing', remedy: 'sign-in' });
});
