import type { DeliveryStatus } from '@roost/protocol';

/** From what is least known to what is most certain. */
export const STATUSES = [
  'queued',
  'unknown',
  'sent',
  'failed',
  'delivered',
  'read',
] as const satisfies readonly DeliveryStatus[];

/**
 * The status of a message after one more report about it. Reports come late, twice and in any order, so this is the
 * greater of the two in one fixed order: the outcome is the same whatever the order in which they came.
 *
 * `failed` stands above `sent`, because a mail that was taken may still be returned, and below `delivered`, because
 * what has arrived did not fail. `unknown` yields to whatever is known.
 */
export function nextStatus(now: DeliveryStatus, told: DeliveryStatus): DeliveryStatus {
  return STATUSES.indexOf(told) > STATUSES.indexOf(now) ? told : now;
}
