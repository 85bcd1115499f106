import type { View } from './view.ts';

/** What a person knows of themselves: name, role, how far they have read. */
export function meView(userId: string): View<'me'> {
  return {
    kind: 'me',
    channel: 'me',
    key: `me:${userId}`,
    audience: '',
    only: userId,
    includes: (row) => row.id === userId,
    sortKey: (row) => row.id,
  };
}
