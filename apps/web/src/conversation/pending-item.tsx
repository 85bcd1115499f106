import type { OutboxEntry } from '@roost/client';
import { Moved } from '../composer/moved.tsx';
import type { Directory } from '../conversations/use-directory.ts';
import { Button } from '../ui/button.tsx';
import { ClipIcon, ClockIcon, WarningIcon } from '../ui/icons.tsx';
import { MessageText } from './message-text.tsx';

/** What was sent here and is not in the log yet; or was refused, and waits for a decision. */
export function PendingItem({ entry, directory }: { entry: OutboxEntry; directory: Directory }) {
  const { draft, state, says, error } = entry;
  const isNote = draft.kind === 'note';
  const hasMoved = error?.code === 'conversation.moved';
  const uploadCount = draft.uploads?.length ?? 0;
  return (
    <li data-pending={state} className="mt-3 flex flex-col items-end">
      <div
        className={`max-w-[min(85%,38rem)] rounded-2xl rounded-tr-md px-3 py-2 ${isNote ? 'bg-warn-soft' : 'bg-accent-soft'} ${state === 'failed' ? 'ring-1 ring-bad' : 'opacity-75'}`}
      >
        <MessageText text={draft.text || (draft.template ? `Template ${draft.template.name}` : '')} />
        {uploadCount > 0 && (
          <span className="flex items-center gap-1 text-ink-2 text-xs">
            <ClipIcon /> {uploadCount === 1 ? '1 file' : `${uploadCount} files`}
          </span>
        )}
        {state !== 'failed' && (
          <span
            role="status"
            className="mt-0.5 flex items-center justify-end gap-1 text-[0.6875rem] text-ink-3"
            title={says}
          >
            <ClockIcon /> <span className={state === 'sending' ? 'sr-only' : ''}>{says}</span>
          </span>
        )}
      </div>
      {state === 'failed' && hasMoved && <Moved entry={entry} directory={directory} />}
      {state === 'failed' && !hasMoved && (
        <div
          role="alert"
          className="mt-1 flex flex-wrap items-center justify-end gap-2 px-1 text-bad-ink text-xs"
        >
          <span className="flex items-center gap-1">
            <WarningIcon /> Not sent. {says}
          </span>
          <Button className="h-7 px-2 text-xs" onClick={() => entry.retry()}>
            Try again
          </Button>
          <Button className="h-7 px-2 text-xs" onClick={() => entry.discard()}>
            Discard
          </Button>
        </div>
      )}
    </li>
  );
}
