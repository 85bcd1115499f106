import { createRootRouteWithContext, createRoute, createRouter, redirect } from '@tanstack/react-router';
import { AppFrame } from './app-frame.tsx';
import type { Connection } from './connection/connection.ts';
import { InboxPage } from './inbox/inbox-page.tsx';
import { MessagePage } from './message/message-page.tsx';
import { NotFound } from './not-found.tsx';
import type { Session } from './session/session.ts';
import { SignInPage } from './session/sign-in-page.tsx';
import { wayBack } from './session/way-back.ts';

interface Context {
  readonly session: Session;
  readonly connection: Connection;
}

const root = createRootRouteWithContext<Context>()({ notFoundComponent: NotFound });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search): { to?: string } => textsOf(search, 'to'),
  beforeLoad: ({ context, search }) => {
    if (context.session.getSnapshot().kind === 'signed-in')
      throw redirect({ href: wayBack(search.to), replace: true });
  },
  component: SignInPage,
});

/** Everything that needs somebody to be signed in. */
const app = createRoute({
  getParentRoute: () => root,
  id: 'app',
  beforeLoad: ({ context, location }) => {
    if (context.session.getSnapshot().kind !== 'signed-out') return;
    throw redirect({
      to: '/sign-in',
      search: location.href === '/' ? {} : { to: location.href },
      replace: true,
    });
  },
  component: function App() {
    return <AppFrame connection={app.useRouteContext().connection} />;
  },
});

const inbox = createRoute({
  getParentRoute: () => app,
  path: '/',
  validateSearch: (search): { filter?: string } => textsOf(search, 'filter'),
  component: function Inbox() {
    return <InboxPage filter={inbox.useSearch().filter ?? ''} />;
  },
});

const message = createRoute({
  getParentRoute: () => app,
  path: '/message/$id',
  component: function Message() {
    const { id } = message.useParams();
    return <MessagePage key={id} id={id} />;
  },
});

export function makeRouter(context: Context) {
  return createRouter({
    routeTree: root.addChildren([signIn, app.addChildren([inbox, message])]),
    context,
    // Plain text both ways: `?filter=12` is the text “12”, and stays so in the address bar.
    parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
    stringifySearch: (search) => {
      const written = new URLSearchParams();
      for (const [name, value] of Object.entries(search))
        if (typeof value === 'string' && value !== '') written.set(name, value);
      return written.size === 0 ? '' : `?${written}`;
    },
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}

/** Of these names, the ones that have a text that is not empty. */
function textsOf<Name extends string>(
  search: Record<string, unknown>,
  ...names: Name[]
): { [_ in Name]?: string } {
  const found: { [_ in Name]?: string } = {};
  for (const name of names) {
    const value = search[name];
    if (typeof value === 'string' && value !== '') found[name] = value;
  }
  return found;
}
