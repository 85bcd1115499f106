import { within } from './backoff.ts';
import type { Clock, Random } from './clock.ts';
import type { Token } from './token.ts';

interface Needs {
  readonly clock: Clock;
  readonly random: Random;
  /** Asks the app for a new token. */
  renew(): Promise<Token>;
  /** The connection shall go on with this one. */
  show(token: Token): void;
}

/** A token is renewed at a moment within this part of the time it has left: never at its end, nor all clients at once. */
const SHARE: readonly [number, number] = [0.6, 0.8];
/** However short a token lives, and whatever clocks say. */
const LEAST_MS = 5_000;
/** Browsers run timers that are longer than this at once. */
const MOST_MS = 2 ** 31 - 1;

/**
 * Shows a connection's server a fresh token before the old one runs out, so that the connection goes on. An app that
 * gives none in time is asked again, ever sooner; what happens at the very end is for the server to say.
 */
export function keepFresh(token: Token, needs: Needs): () => void {
  const { clock, random, renew, show } = needs;
  let isOver = false;
  let cancel = () => {};
  const wait = (leftMs: number | null) => {
    if (leftMs === null || isOver) return;
    const delayMs = Math.min(MOST_MS, Math.max(LEAST_MS, leftMs * within(SHARE, random)));
    cancel = clock.after(delayMs, () => {
      renew().then(
        (fresh) => {
          if (isOver) return;
          show(fresh);
          // It is new, so that its whole life is ahead, whatever the time is at the server.
          wait(lifeOf(fresh, clock.now())?.ms ?? null);
        },
        () => wait(leftMs - delayMs),
      );
    });
  };
  const life = lifeOf(token, clock.now());
  // It may have been in use for a while, and the server's clock may differ from ours, but not longer than it lives.
  wait(life && Math.min(life.ms, life.endsAt - clock.now()));
  return () => {
    isOver = true;
    cancel();
  };
}

/** How long a token lives in all, and until when, ms; null for one that does not tell (only a JWT does, RFC 7519). */
function lifeOf({ text }: Token, now: number): { ms: number; endsAt: number } | null {
  try {
    const payload = (text.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/');
    const { iat, exp } = JSON.parse(atob(payload)) as { iat?: unknown; exp?: unknown };
    if (typeof exp !== 'number') return null;
    const endsAt = exp * 1000;
    return { ms: endsAt - (typeof iat === 'number' ? iat * 1000 : now), endsAt };
  } catch {
    return null;
  }
}
