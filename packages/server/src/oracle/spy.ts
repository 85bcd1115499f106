import { type ConversationRow, type DownFrame, formatCursor } from '@roost/protocol';
import type { Wire } from '../gateway/index.ts';
import { readFrames } from '../gateway/testing/frames.ts';
import { Ledger } from './ledger.ts';
import type { Node } from './node.ts';
import type { WorldStore } from './store.ts';

const CONVERSATIONS_MAX = 6;

interface Needs {
  readonly store: WorldStore;
  /** Whose token it is; null for somebody of another organisation. */
  readonly userId: string | null;
  readonly token: string;
  wrong(says: string): void;
}

/**
 * Somebody with a token and no client: says that they hold every conversation as of now, theirs or not, and asks only
 * for what comes after. Whatever they are told must be theirs to see (rule A2).
 */
export function spy(node: Node, { store, userId, token, wrong }: Needs): void {
  const says = (what: string) => wrong(`a spy was told wrongly: ${what}`);
  const ledger = userId === null ? null : new Ledger(store, userId, says);
  const told = (frame: DownFrame) => {
    if (ledger) ledger.take(frame, 0);
    else if (isOurs(store, frame)) says(`of another organisation: ${JSON.stringify(frame)}`);
  };
  const wire: Wire = {
    queuedBytes: 0,
    write: (bytes) => {
      for (const { text } of bytes.flatMap(readFrames)) told(JSON.parse(text) as DownFrame);
    },
    pause: () => {},
    resume: () => {},
    close: async () => {},
  };
  const { epoch, head, now } = store.history;
  const cursor = formatCursor({ epoch, offset: head });
  const ids = now
    .all<ConversationRow>('conversation')
    .slice(-CONVERSATIONS_MAX)
    .map(({ id }) => id);
  const channels = [
    'unread',
    'direct',
    'inboxes',
    ...ids.flatMap((id) => [`thread:${id}`, `conversation:${id}`, `reads:${id}`]),
  ];
  const subscriptions = channels.map((channel, at) => ({ id: `x${at}`, channel, params: { limit: 5 } }));
  ledger?.came(cursor);
  node.connect(wire).receive(JSON.stringify({ type: 'hello', token, cursor, subscriptions }));
}

/** Whether a frame holds a row of the world's own organisation. */
function isOurs({ history }: WorldStore, frame: DownFrame): boolean {
  const rows =
    'rows' in frame ? frame.rows : frame.type === 'delta' ? [...frame.added, ...frame.updated] : [];
  return rows.some(({ id }) =>
    (['conversation', 'message', 'read', 'inbox', 'contact'] as const).some((kind) =>
      history.now.get(kind, id),
    ),
  );
}
