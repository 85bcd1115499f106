import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Failure, type FailureCode, failures, type Remedy, remedyOfClose } from './failures.ts';

const codes = Object.keys(failures) as FailureCode[];

/** What a close asks of a client has to fit what the failure behind it asks. */
const fitting: Record<Remedy, ReturnType<typeof remedyOfClose>> = {
  retry: 'retry',
  resync: 'retry',
  'sign-in': 'sign-in',
  correct: 'stop',
  'give-up': 'stop',
};

test.each(codes.filter((code) => failures[code].close !== null))(
  '[H4] %s asks for the same in its frame as with its close code',
  (code) => {
    const { close, remedy } = failures[code];
    expect(remedyOfClose(close as number)).toBe(fitting[remedy]);
  },
);

test('codes are spelled subject.problem, with an HTTP status of a failure and a sentence', () => {
  for (const code of codes) {
    const { http, says } = failures[code];
    expect(code).toMatch(/^[a-z_]+\.[a-z_]+$/);
    expect(http).toBeGreaterThanOrEqual(400);
    expect(http).toBeLessThan(600);
    expect(says).toMatch(/^[A-Z].*\.$/);
  }
});

test('codes nobody has heard of ask to come back', () => {
  expect([1001, 1005, 1006, 1011, 1012, 4000, 4999].map(remedyOfClose)).toEqual(Array(7).fill('retry'));
});

test('a failure says what the table says, unless it knows more', () => {
  expect(new Failure('store.full').message).toBe(failures['store.full'].says);
  expect(new Failure('store.full', 'No room.')).toMatchObject({ code: 'store.full', message: 'No room.' });
});

test('the page about the protocol has the whole table', () => {
  const page = readFileSync(new URL('../../../docs/protocol.md', import.meta.url), 'utf8');
  const rows = codes.map((code) => {
    const { http, close, remedy } = failures[code];
    return `| \`${code}\` | ${http} | ${close ?? ''} | ${remedy} |`.replace('|  |', '| |');
  });
  expect(rows.filter((row) => !page.includes(row))).toEqual([]);
});
