import type { OutboxEntry } from '@roost/client';
import type { MessageRow } from '@roost/protocol';
import type { Directory } from '../conversations/use-directory.ts';
import { authorOf } from '../message/author.ts';
import { Button } from '../ui/button.tsx';
import { timeOfDay } from '../ui/time.ts';
import { editAgain } from './edit-again.ts';

const SHOWN_MAX = 5;

/** An answer that was refused because something was said meanwhile: what that is, and what to do with the answer. */
export function Moved({ entry, directory }: { entry: OutboxEntry; directory: Directory }) {
  const news = newsOf(entry);
  return (
    <div
      role="alert"
      className="mt-1.5 w-[min(85%,38rem)] rounded-xl border border-warn-ink/30 bg-warn-soft p-3"
    >
      <p className="font-medium text-[0.8125rem] text-warn-ink">Not sent: something was said meanwhile.</p>
      <ul className="my-2 grid gap-1 text-[0.8125rem]">
        {news.slice(-SHOWN_MAX).map((row) => (
          <li key={row.id} className="line-clamp-3 border-warn-ink/40 border-l-2 pl-2">
            <span className="text-ink-3">
              {row.author_id === null ? authorOf(row.from).name : directory.nameOf(row.author_id)},{' '}
              {timeOfDay(Date.parse(row.received_at))}:{' '}
            </span>
            {row.snippet || 'a message without text'}
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        <Button className="h-7 px-2.5" onClick={() => editAgain(entry)}>
          Edit my answer
        </Button>
        <Button className="h-7 px-2.5" onClick={() => entry.retry({ override: true })}>
          Send all the same
        </Button>
        <Button look="quiet" className="h-7 px-2.5" onClick={() => entry.discard()}>
          Discard
        </Button>
      </div>
    </div>
  );
}

function newsOf({ error }: OutboxEntry): readonly MessageRow[] {
  const messages = error?.about?.messages;
  return Array.isArray(messages) ? (messages as MessageRow[]) : [];
}
