import type { OutboxEntry } from '@roost/client';

type Listener = (entry: OutboxEntry) => void;
const composers = new Map<string, Listener>();

/** The composer of a conversation takes back what was refused. @returns what ends it */
export function takeBack(conversationId: string, listener: Listener): () => void {
  composers.set(conversationId, listener);
  return () => {
    if (composers.get(conversationId) === listener) composers.delete(conversationId);
  };
}

/** Back into the composer, and out of the outbox. */
export function editAgain(entry: OutboxEntry): void {
  composers.get(entry.conversation_id)?.(entry);
}
