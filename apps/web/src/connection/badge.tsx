import { useConnection, useRoost } from '@roost/react';
import { useSession, useSessionState } from '../session/session-context.tsx';
import { Button } from '../ui/button.tsx';
import { useNow } from '../ui/use-now.ts';
import { type Described, describeStatus } from './describe.ts';

const dots: Record<Described['tone'], string> = {
  good: 'bg-good',
  busy: 'bg-warn motion-safe:animate-pulse-soft',
  slow: 'bg-warn',
  away: 'bg-ink-3',
  bad: 'bg-bad',
};

const ENDED = 'Your session has ended. Sign in to go on where you were.';

/** How true the screen is, always in sight, with the one thing that helps. */
export function ConnectionBadge() {
  const status = useConnection();
  const client = useRoost();
  const session = useSession();
  const hasEnded = useSessionState().kind === 'ended';
  const now = useNow(status.retryAt === null ? 60_000 : 1_000);
  const { tone, label, detail, action } = describeStatus(status, now);
  return (
    <div className="flex min-w-0 items-center gap-2.5 text-[0.8125rem] text-ink-2">
      <div
        role="status"
        title={detail}
        data-connection={status.state}
        className="flex min-w-0 items-center gap-2"
      >
        <span aria-hidden="true" className={`size-2 shrink-0 rounded-full ${dots[tone]}`} />
        <span className="truncate">{label}</span>
      </div>
      {tone === 'bad' && <span className="truncate text-ink-3 max-md:hidden">{detail}</span>}
      {action === 'try-now' && (
        <Button className="h-7 px-2.5" title={detail} onClick={() => client.retry()}>
          Try now
        </Button>
      )}
      {action === 'sign-in' && (
        <Button
          look="primary"
          className="h-7 px-2.5"
          onClick={() => session.forget(hasEnded ? ENDED : detail)}
        >
          Sign in
        </Button>
      )}
    </div>
  );
}
