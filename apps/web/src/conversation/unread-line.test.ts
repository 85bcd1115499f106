import { expect, test } from 'vitest';
import { moved, NO_LINE, type UnreadLine } from './unread-line.ts';

const after = (...seen: Parameters<typeof moved>[1][]): UnreadLine => seen.reduce(moved, NO_LINE);
const looking = (firstUnread: string | null | undefined) => ({ firstUnread, isLooking: true });
const away = (firstUnread: string | null | undefined) => ({ firstUnread, isLooking: false });

test('the line stands where reading began, and stays when all of it has been read', () => {
  expect(after(looking(undefined), looking('m5')).at).toBe('m5');
  expect(after(looking('m5'), looking('m6'), looking(null)).at).toBe('m5');
});

test('what arrives before the reader’s eyes is not new to them', () => {
  expect(after(looking(null), looking('m5'), looking(null)).at).toBeNull();
  expect(after(looking('m5'), looking(null), looking('m9'), looking(null)).at).toBe('m5');
});

test('what came while they looked elsewhere is', () => {
  expect(after(looking(null), away('m7'), looking('m7'), looking(null)).at).toBe('m7');
  expect(after(looking('m5'), looking(null), away('m9'), away('m9')).at).toBe('m9');
});
