import { useState } from 'react';
import { useApi } from '../session/session-context.tsx';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { absoluteTime, relativeTime } from '../ui/time.ts';
import { useAction } from '../ui/use-action.ts';
import { useNow } from '../ui/use-now.ts';
import { Nothing, RowItem, Rows, Section } from './section.tsx';
import { useFetched } from './use-fetched.ts';

interface AuditPage {
  readonly rows: readonly { readonly id: string; readonly at: string; readonly says: string }[];
  readonly next: string | null;
}

/** What was administered, by whom, the newest first. */
export function AuditSettings() {
  const api = useApi();
  const { value, problem } = useFetched<AuditPage>('/api/v1/audit');
  const [more, setMore] = useState<AuditPage | null>(null);
  const now = useNow(60_000);
  const rows = [...(value?.rows ?? []), ...(more?.rows ?? [])];
  const next = more ? more.next : (value?.next ?? null);
  const older = useAction(async () => {
    if (next === null) return;
    const page = await api.read<AuditPage>(`/api/v1/audit?before=${encodeURIComponent(next)}`);
    setMore({ rows: [...(more?.rows ?? []), ...page.rows], next: page.next });
  });
  return (
    <Section text="Changes to members, inboxes and settings. Holds nothing of what anybody wrote to anybody.">
      {problem && <Notice tone="bad">{problem}</Notice>}
      {value && rows.length === 0 && <Nothing>Nothing has been changed yet.</Nothing>}
      {rows.length > 0 && (
        <Rows>
          {rows.map(({ id, at, says }) => (
            <RowItem key={id}>
              <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">{says}</span>
              <time
                dateTime={at}
                title={absoluteTime(Date.parse(at))}
                className="text-[0.8125rem] text-ink-3"
              >
                {relativeTime(Date.parse(at), now)}
              </time>
            </RowItem>
          ))}
        </Rows>
      )}
      {next !== null && (
        <div className="mt-4 flex justify-center gap-3">
          {older.problem && <span className="text-bad-ink">{older.problem}</span>}
          <Button onClick={() => void older.run()} disabled={older.isRunning}>
            {older.isRunning ? 'Loading…' : 'Older changes'}
          </Button>
        </div>
      )}
    </Section>
  );
}
