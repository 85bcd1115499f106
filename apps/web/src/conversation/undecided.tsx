import type { MessageRow } from '@roost/protocol';
import { useMe } from '@roost/react';
import { writeAgain } from '../composer/edit-again.ts';
import { RequestProblem } from '../session/problem.ts';
import { useApi } from '../session/session-context.tsx';
import { Button } from '../ui/button.tsx';
import { tell } from '../ui/toasts.tsx';
import { useAction } from '../ui/use-action.ts';

/** Whether something keeps a message of ours from simply going out. */
export function isUndecided({ status, error }: MessageRow): boolean {
  return status === 'failed' || status === 'unknown' || (status === 'queued' && error !== null);
}

/** Why a message did not go out, or not yet, or what is not known of it; and what a person can decide about it. */
export function Undecided({ row }: { row: MessageRow }) {
  const api = useApi();
  const role = useMe()?.role;
  const ask = (what: string) => api.write('POST', `/api/v1/messages/${row.id}/${what}`);
  const again = useAction(() =>
    ask('send-again').catch((error: unknown) => {
      if (!isGone(error)) throw error;
      if (!writeAnew(row)) throw new Error(TAKEN, { cause: error });
    }),
  );
  const sent = useAction(() => ask('mark-sent'));
  const cancel = useAction(() => ask('cancel'));
  const isBusy = again.isRunning || sent.isRunning || cancel.isRunning;
  const isWaiting = row.status === 'queued';
  const small = { className: 'h-7 px-2 text-xs', disabled: isBusy };
  return (
    <div
      role={isWaiting ? 'status' : 'alert'}
      className={`mt-1 mb-2 flex max-w-full flex-wrap items-center justify-end gap-2 px-1 text-right text-xs ${row.status === 'failed' ? 'text-bad-ink' : 'text-warn-ink'}`}
    >
      <span className="[overflow-wrap:anywhere]">
        {again.problem ?? sent.problem ?? cancel.problem ?? sentenceOf(row)}
      </span>
      {role !== 'viewer' && (
        <>
          <Button {...small} onClick={() => void again.run()}>
            {isWaiting ? 'Try now' : 'Send again'}
          </Button>
          {row.status === 'unknown' && (
            <Button {...small} onClick={() => void sent.run()}>
              Mark as sent
            </Button>
          )}
          {isWaiting && (
            <Button {...small} onClick={() => void cancel.run()}>
              Cancel
            </Button>
          )}
        </>
      )}
    </div>
  );
}

const TAKEN = 'WhatsApp had taken it before it failed: send it as a new message.';
const NOBODY_KNOWS =
  'It may have been sent, or not. Ask, or look at the other side, before sending it again.';

function sentenceOf({ status, error }: MessageRow): string {
  if (status === 'unknown') return error ?? NOBODY_KNOWS;
  if (status === 'failed') return error ?? 'The message was not sent.';
  return `${error ?? ''} It is tried again by itself.`;
}

/** The other side had taken the message before it failed: there is nothing left here that could be sent again. */
function isGone(error: unknown): boolean {
  return error instanceof RequestProblem && error.code === 'message.settled';
}

/** What it said goes into the composer, to be sent as a new message. @returns false where text is not all it was */
function writeAnew({ status, text, parts, conversation_id }: MessageRow): boolean {
  if (status !== 'failed' || !text || parts.length > 0 || conversation_id === null) return false;
  if (!writeAgain(conversation_id, { text, isNote: false })) return false;
  tell('What it said stands in the field below, to be sent as a new message.');
  return true;
}
