import { RouterProvider } from '@tanstack/react-router';
import { StrictMode, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import './app.css';
import { systemClock } from '@roost/client';
import { Connection } from './connection/connection.ts';
import { makeRouter } from './routes.tsx';
import { Api } from './session/api.ts';
import { takeLinkToken } from './session/link-token.ts';
import { Session } from './session/session.ts';
import { SessionContext, useSessionState } from './session/session-context.tsx';
import { Splash } from './session/splash.tsx';
import { signOutTogether } from './session/tabs.ts';

// Bound late, so that what replaces fetch after this page was loaded is used too.
const fetch: typeof globalThis.fetch = (...args) => globalThis.fetch(...args);

const session = new Session(fetch, systemClock);
const connection = new Connection(session);
const router = makeRouter({ session, connection });
const signed = { session, api: new Api(fetch, session.getToken) };
signOutTogether(session, new BroadcastChannel('roost.session'));
void session.start(takeLinkToken(window));

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <SessionContext value={signed}>
      <Page />
    </SessionContext>
  </StrictMode>,
);

/** Pages, once it is known who looks at them. */
function Page() {
  const { kind } = useSessionState();
  const isKnown = kind !== 'starting' && kind !== 'unreachable';
  const [wasKnown, setWasKnown] = useState(isKnown);
  if (isKnown && !wasKnown) setWasKnown(true);
  // Signing in and out changes which pages may be seen, and the routes are asked again.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each change of kind counts
  useEffect(() => {
    if (wasKnown) void router.invalidate();
  }, [kind, wasKnown]);
  return isKnown ? <RouterProvider router={router} /> : <Splash />;
}
