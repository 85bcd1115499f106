import { expect, test } from 'vitest';
import { RequestProblem } from './problem.ts';
import { linkSentence, signInSentence } from './sentences.ts';

test('too many attempts say when to try again', () => {
  const wait = (ms: number | null) => signInSentence(new RequestProblem('request.too_many', '', ms));
  expect(wait(1_000)).toContain('in 1 second.');
  expect(wait(42_000)).toContain('in 42 seconds.');
  expect(wait(600_000)).toContain('in 10 minutes.');
  expect(wait(null)).toContain('in a few minutes.');
});

test('each failure names its remedy', () => {
  expect(signInSentence(new RequestProblem('credentials.wrong', ''))).toContain('Check both');
  expect(signInSentence(new RequestProblem('server.away', ''))).toContain('in a moment');
  expect(linkSentence(new RequestProblem('token.invalid', ''))).toContain('your password');
});

test('what has no sentence of its own keeps the one of the server', () => {
  expect(signInSentence(new RequestProblem('store.full', 'The disk is full.'))).toBe('The disk is full.');
});
