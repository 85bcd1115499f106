import type { MessageRow } from '@roost/protocol';
import type { Directory } from '../conversations/use-directory.ts';
import { authorOf } from '../message/author.ts';

interface AnsweredProps {
  /** Undefined where it is not loaded, or no longer there. */
  readonly row: MessageRow | undefined;
  readonly directory: Directory;
  readonly onShow: (messageId: string) => void;
}

/** The message that another one answers, in one line that leads to it. */
export function Answered({ row, directory, onShow }: AnsweredProps) {
  if (!row)
    return <p className="mb-1 border-line-strong border-l-2 pl-2 text-ink-3 text-xs">An earlier message</p>;
  const who = row.author_id === null ? authorOf(row.from).name : directory.nameOf(row.author_id);
  return (
    <button
      type="button"
      onClick={() => onShow(row.id)}
      className="mb-1 block w-full max-w-full rounded-r border-accent-ink border-l-2 bg-hover/70 px-2 py-1 text-left text-xs"
    >
      <span className="block truncate font-medium text-accent-ink">{who}</span>
      <span className="line-clamp-2 text-ink-2">{row.snippet || 'A message without text'}</span>
    </button>
  );
}
