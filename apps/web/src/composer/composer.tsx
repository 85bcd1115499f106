import type { ConversationRow } from '@roost/protocol';
import { useMe } from '@roost/react';
import { useDirectory } from '../conversations/use-directory.ts';
import { Writing } from './writing.tsx';

interface ComposerProps {
  readonly row: ConversationRow;
  /** Message that the next answer is to; null for none in particular. */
  readonly replyTo: string | null;
  readonly onReplyTo: (messageId: string | null) => void;
}

/** Where answers and notes are written, for whoever may write them. */
export function Composer({ row, replyTo, onReplyTo }: ComposerProps) {
  const role = useMe()?.role;
  const { myId } = useDirectory();
  if (role === undefined || myId === '') return null;
  if (role === 'viewer')
    return (
      <p className="border-line border-t bg-surface px-4 py-3 text-[0.8125rem] text-ink-3">
        You can read here, but not answer: your role is viewer.
      </p>
    );
  return <Writing key={`${myId} ${row.id}`} row={row} replyTo={replyTo} onReplyTo={onReplyTo} />;
}
