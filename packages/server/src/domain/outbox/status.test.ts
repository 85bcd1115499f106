import type { DeliveryStatus } from '@roost/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextStatus, STATUSES } from './status.ts';

const status = fc.constantFrom<DeliveryStatus>(...STATUSES);
const fold = (told: readonly DeliveryStatus[]) => told.reduce(nextStatus, 'queued');

test('whatever the order of the reports, and however often they come, the status ends the same', () => {
  const toldAndShuffled = fc.array(status).chain((told) => {
    const twice = [...told, ...told];
    return fc.tuple(fc.constant(told), fc.shuffledSubarray(twice, { minLength: twice.length }));
  });
  fc.assert(
    fc.property(toldAndShuffled, ([told, shuffled]) => {
      expect(fold(shuffled)).toBe(fold(told));
    }),
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
