import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextStatus, STATUSES, type Status } from './status.ts';

const status = fc.constantFrom(...STATUSES);
const fold = (told: readonly Status[]) => told.reduce(nextStatus, 'queued');

test('whatever the order of the reports, and however often they come, the status ends the same', () => {
  fc.assert(
    fc.property(
      fc
        .array(status)
        .chain((told) =>
          fc.tuple(
            fc.constant(told),
            fc.shuffledSubarray([...told, ...told], { minLength: told.length * 2 }),
          ),
        ),
      ([told, shuffled]) => expect(fold(shuffled)).toBe(fold(told)),
    ),
  );
});

test('it never goes backwards', () => {
  fc.assert(
    fc.property(status, status, (now, told) => {
      const next = nextStatus(now, told);
      expect(STATUSES.indexOf(next)).toBeGreaterThanOrEqual(STATUSES.indexOf(now));
      expect([now, told]).toContain(next);
    }),
  );
});

test('sent, then delivered, then read; and read at once skips the others', () => {
  expect(fold(['sent', 'delivered', 'read'])).toBe('read');
  expect(fold(['read', 'sent', 'delivered'])).toBe('read');
});

test('a mail that was taken may come back; what has arrived did not fail', () => {
  expect(fold(['sent', 'failed'])).toBe('failed');
  expect(fold(['failed', 'sent'])).toBe('failed');
  expect(fold(['failed', 'delivered'])).toBe('delivered');
  expect(fold(['delivered', 'failed'])).toBe('delivered');
});

test('unknown yields to whatever is known', () => {
  for (const told of STATUSES.filter((one) => one !== 'queued')) {
    expect(nextStatus('unknown', told)).toBe(told);
    expect(nextStatus('unknown', 'queued')).toBe('unknown');
  }
});
