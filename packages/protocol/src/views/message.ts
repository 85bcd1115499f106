import type { View } from './view.ts';

/** One message. */
export function messageView(id: string): View<'message'> {
  return {
    kind: 'message',
    channel: `message:${id}`,
    key: `message:${id}`,
    only: id,
    includes: (row) => row.id === id,
    sortKey: (row) => row.id,
  };
}
