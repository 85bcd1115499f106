import { arrivalOffset, type DraftMessageInput, type MessageRow, parseCursor } from '@roost/protocol';
import type { LiveList } from './lists.ts';
import type { OutboxEntry, Slip } from './outbox.ts';
import type { Store } from './store.ts';

/**
 * What of one conversation waits to be sent and is not in its thread. Derived from the outbox and the thread together,
 * so that whoever reads both never sees a message in both, or in neither: an entry goes in the very moment in which
 * the thread shows its message, and not before.
 *
 * The server's answer names the message, and everything is exact. Often the thread is told before the answer comes;
 * until then a message of mine with the same words, said after the entry was sent, is taken for it. Should the answer
 * say otherwise, the entry is back.
 */
export function pendingStore(
  conversationId: string,
  slips: Store<readonly Slip[]>,
  thread: LiveList<MessageRow>,
  userId: () => string | null,
): Store<readonly OutboxEntry[]> {
  let shown: readonly OutboxEntry[] = [];
  return {
    subscribe(listener) {
      const leaves = [slips.subscribe(listener), thread.subscribe(listener)];
      return () => {
        for (const leave of leaves) leave();
      };
    },
    getSnapshot() {
      const own = slips.getSnapshot().filter(({ entry }) => entry.conversation_id === conversationId);
      const { rows, cursor } = thread.getSnapshot();
      const reachedOffset = parseCursor(cursor ?? '')?.offset ?? 0;
      const pending = own
        .filter((slip) => !isInThread(slip, rows, reachedOffset, userId()))
        .map(({ entry }) => entry);
      const isSame =
        pending.length === shown.length && pending.every((entry, place) => entry === shown[place]);
      if (!isSame) shown = pending;
      return shown;
    },
  };
}

function isInThread(
  { entry, taken, after }: Slip,
  rows: readonly MessageRow[],
  reachedOffset: number,
  userId: string | null,
): boolean {
  // A thread that is past it has shown it, even where somebody has removed it since.
  if (taken) return reachedOffset >= taken.offset || rows.some(({ id }) => id === taken.message_id);
  return (
    after !== null &&
    rows.some(
      (row) =>
        arrivalOffset(row.id) > after &&
        (row.author_id === userId || userId === null) &&
        says(row, entry.draft),
    )
  );
}

function says({ kind, text, attachment_count }: MessageRow, draft: DraftMessageInput): boolean {
  return (
    kind === (draft.kind === 'note' ? 'note' : 'outbound') &&
    text === (draft.text ?? '') &&
    attachment_count === (draft.uploads?.length ?? 0)
  );
}
