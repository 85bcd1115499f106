import { Button } from '../ui/button.tsx';
import { Logo } from '../ui/logo.tsx';
import { useSession, useSessionState } from './session-context.tsx';

/** While it is not known who is signed in. Mostly too short to be seen. */
export function Splash() {
  const session = useSession();
  const isAway = useSessionState().kind === 'unreachable';
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center gap-4 px-4 pb-[12vh] text-center">
      <title>Roost</title>
      <Logo size={44} />
      <div role="status" className="text-ink-2">
        {isAway ? 'Roost cannot be reached right now. Trying again every few seconds.' : 'Opening Roost…'}
      </div>
      {isAway && <Button onClick={session.askAgain}>Try now</Button>}
    </main>
  );
}
