import type { Audience } from './told.ts';

/** Whether somebody hears of an event, from whom these inboxes are kept. */
export function mayHear(
  { inbox_id, user_ids }: Audience,
  userId: string,
  hidden: readonly string[],
): boolean {
  if (user_ids !== null && !user_ids.includes(userId)) return false;
  return inbox_id === null || !hidden.includes(inbox_id);
}

/** What members say among themselves is nobody else's, whoever administers the organisation. */
export function isAmongMembers({ inbox_id, user_ids }: Audience): boolean {
  return inbox_id === null && user_ids !== null;
}
