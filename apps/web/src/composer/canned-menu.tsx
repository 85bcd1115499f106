import type { CannedReplyRow } from '@roost/protocol';
import { Link } from '@tanstack/react-router';

interface CannedMenuProps {
  readonly id: string;
  readonly replies: readonly CannedReplyRow[];
  readonly isAnyKnown: boolean;
  readonly active: number;
  readonly onChoose: (reply: CannedReplyRow) => void;
}

/** Canned replies above the field, as the field's own list: the focus stays where one types. */
export function CannedMenu({ id, replies, isAnyKnown, active, onChoose }: CannedMenuProps) {
  if (replies.length === 0)
    return (
      <p className="border-line border-b px-3 py-2 text-ink-3 text-xs">
        {isAnyKnown ? (
          'No canned reply fits.'
        ) : (
          <>
            There are no canned replies yet. Write some under{' '}
            <Link
              to="/settings/$page"
              params={{ page: 'canned-replies' }}
              className="text-accent-ink underline underline-offset-2"
            >
              Settings, Canned replies
            </Link>
            .
          </>
        )}
      </p>
    );
  return (
    <div
      id={id}
      role="listbox"
      aria-label="Canned replies"
      className="max-h-56 overflow-y-auto border-line border-b p-1"
    >
      {replies.map((reply, at) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the focus, and its keys choose
        <div
          key={reply.id}
          id={`${id}-${at}`}
          role="option"
          tabIndex={-1}
          aria-selected={at === active}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onChoose(reply)}
          className={`flex cursor-pointer items-baseline gap-2 rounded-md px-2.5 py-1.5 text-[0.8125rem] ${at === active ? 'bg-accent-soft' : 'hover:bg-hover'}`}
        >
          <span className="shrink-0 font-medium">/{reply.shortcut}</span>
          <span className="truncate text-ink-3">
            {reply.title} — {reply.text}
          </span>
        </div>
      ))}
    </div>
  );
}
