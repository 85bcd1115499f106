import { arrivalOffset } from '@roost/protocol';
import { useInbox, useRoost, useUnreadMail } from '@roost/react';
import { useCallback } from 'react';
import { Button } from '../ui/button.tsx';
import { useAction } from '../ui/use-action.ts';

/** Moves my read cursor to the newest message there is: of all mail, whatever the filter shows. */
export function MarkAllRead() {
  const client = useRoost();
  const newest = useInbox().rows[0]?.id;
  const unread = useUnreadMail();
  const mark = useAction(
    useCallback(async () => {
      if (newest !== undefined) await client.read(arrivalOffset(newest));
    }, [client, newest]),
  );
  return (
    <span className="flex items-center gap-2">
      {mark.problem && (
        <span role="alert" className="text-[0.8125rem] text-bad-ink">
          Not marked: {mark.problem}
        </span>
      )}
      <Button
        onClick={mark.run}
        disabled={unread.count === 0 || mark.isRunning}
        title="Also what the filter does not show"
      >
        Mark all read
      </Button>
    </span>
  );
}
