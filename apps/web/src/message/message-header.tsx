import type { OpenMessage } from '@roost/protocol';
import { sizeInWords } from '../ui/bytes.ts';
import { WarningIcon } from '../ui/icons.tsx';
import { Notice } from '../ui/notice.tsx';
import { absoluteTime, relativeTime } from '../ui/time.ts';
import { useNow } from '../ui/use-now.ts';
import { authorOf } from './author.ts';

export function MessageHeader({ message }: { message: OpenMessage }) {
  const author = authorOf(message.from);
  const received = Date.parse(message.received_at);
  const now = useNow(60_000);
  return (
    <header className="pb-3">
      <h1 className="font-semibold text-xl leading-snug tracking-tight [overflow-wrap:anywhere]">
        {message.subject || <span className="text-ink-3">(no subject)</span>}
      </h1>
      <div className="mt-3 flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        <div className="min-w-0 [overflow-wrap:anywhere]">
          <span className="font-medium">{author.name}</span>
          {author.address !== '' && author.address !== author.name && (
            <span className="ml-2 text-ink-3">{author.address}</span>
          )}
        </div>
        <div className="text-[0.8125rem] text-ink-3">
          <time dateTime={message.received_at} title={relativeTime(received, now)}>
            {absoluteTime(received)}
          </time>
          {' · '}
          {sizeInWords(message.size_bytes)}
        </div>
      </div>
      <div className="mt-0.5 text-[0.8125rem] text-ink-2 [overflow-wrap:anywhere]">
        <span className="text-ink-3">to </span>
        {message.to.join(', ')}
      </div>
      <AllHeaders headers={message.content.headers} />
      <div className="mt-3 grid gap-2 empty:hidden">
        {message.problem && (
          <Notice tone="warn">
            <span className="flex items-start gap-2">
              <WarningIcon />
              <span>
                Some of this message could not be read: {message.problem} The source holds all of it.
              </span>
            </span>
          </Notice>
        )}
        {message.content.truncated && (
          <Notice tone="plain">
            This message is very long, and its end is not shown. The source holds all of it.
          </Notice>
        )}
      </div>
    </header>
  );
}

function AllHeaders({ headers }: { headers: OpenMessage['content']['headers'] }) {
  if (headers.length === 0) return null;
  return (
    <details className="group mt-2">
      <summary className="inline-flex items-center gap-1.5 rounded text-[0.8125rem] text-ink-3 hover:text-ink">
        <span aria-hidden="true" className="transition-transform group-open:rotate-90">
          ›
        </span>
        All headers
      </summary>
      <dl className="mt-2 grid max-h-72 grid-cols-[auto_1fr] gap-x-4 gap-y-1 overflow-y-auto rounded-md bg-hover p-3 font-mono text-xs">
        {headers.map(({ name, value }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: headers repeat, and never change
          <div key={at} className="contents">
            <dt className="text-ink-3">{name}</dt>
            <dd className="[overflow-wrap:anywhere]">{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
