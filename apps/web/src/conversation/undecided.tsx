import type { MessageRow } from '@roost/protocol';
import { useMe } from '@roost/react';
import { useApi } from '../session/session-context.tsx';
import { Button } from '../ui/button.tsx';
import { useAction } from '../ui/use-action.ts';

/** Why a message did not go out, or what is not known of it, and what a person can decide about it. */
export function Undecided({ row }: { row: MessageRow }) {
  const api = useApi();
  const role = useMe()?.role;
  const ask = (what: string) => () => api.write('POST', `/api/v1/messages/${row.id}/${what}`);
  const again = useAction(ask('send-again'));
  const sent = useAction(ask('mark-sent'));
  const isUnknown = row.status === 'unknown';
  const problem = again.problem ?? sent.problem;
  const isBusy = again.isRunning || sent.isRunning;
  return (
    <div
      role="alert"
      className={`mt-1 flex max-w-full flex-wrap items-center justify-end gap-2 px-1 text-right text-xs ${isUnknown ? 'text-warn-ink' : 'text-bad-ink'}`}
    >
      <span className="[overflow-wrap:anywhere]">
        {problem ??
          (isUnknown
            ? (row.error ??
              'It may have been sent, or not. Ask, or look at the other side, before sending it again.')
            : `Not sent. ${row.error ?? ''}`)}
      </span>
      {role !== 'viewer' && (
        <>
          <Button className="h-7 px-2 text-xs" onClick={() => void again.run()} disabled={isBusy}>
            Send again
          </Button>
          {isUnknown && (
            <Button className="h-7 px-2 text-xs" onClick={() => void sent.run()} disabled={isBusy}>
              Mark as sent
            </Button>
          )}
        </>
      )}
    </div>
  );
}
