import { useThread } from '@roost/react';
import { CloseIcon } from '../ui/icons.tsx';

interface ReplyingToProps {
  readonly conversationId: string;
  readonly messageId: string;
  readonly onCancel: () => void;
}

export function ReplyingTo({ conversationId, messageId, onCancel }: ReplyingToProps) {
  const { rows } = useThread(conversationId);
  const row = rows.find(({ id }) => id === messageId);
  return (
    <div className="flex items-center gap-2 border-line border-b px-3 py-1.5 text-xs">
      <span className="shrink-0 text-ink-3">Answer to</span>
      <span className="min-w-0 flex-1 truncate text-ink-2">{row?.snippet || 'a message'}</span>
      <button
        type="button"
        aria-label="Answer to nothing in particular"
        onClick={onCancel}
        className="rounded p-1 text-ink-3 hover:bg-hover hover:text-ink"
      >
        <CloseIcon />
      </button>
    </div>
  );
}
