import type { OutboxEntry } from '@roost/client';

/** What was written once, and is to be written again. */
export interface Written {
  readonly text: string;
  readonly isNote: boolean;
}

type Listener = (written: Written) => void;
const composers = new Map<string, Listener>();

/** The composer of a conversation takes back what was refused. @returns what ends it */
export function takeBack(conversationId: string, listener: Listener): () => void {
  composers.set(conversationId, listener);
  return () => {
    if (composers.get(conversationId) === listener) composers.delete(conversationId);
  };
}

/** Into the composer. @returns false when the conversation has none open */
export function writeAgain(conversationId: string, written: Written): boolean {
  const composer = composers.get(conversationId);
  composer?.(written);
  return composer !== undefined;
}

/** Back into the composer, and out of the outbox. */
export function editAgain(entry: OutboxEntry): void {
  const { text = '', kind } = entry.draft;
  if (writeAgain(entry.conversation_id, { text, isNote: kind === 'note' })) entry.discard();
}
