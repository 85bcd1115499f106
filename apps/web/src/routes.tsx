import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { AppFrame } from './app-frame.tsx';
import type { Connection } from './connection/connection.ts';
import { ContactPage } from './contacts/contact-page.tsx';
import { ContactsPage } from './contacts/contacts-page.tsx';
import { ConversationPane } from './conversation/conversation-pane.tsx';
import { ConversationsPage } from './conversations/conversations-page.tsx';
import { DirectPage } from './conversations/direct-page.tsx';
import { NothingOpen } from './conversations/nothing-open.tsx';
import { placeOf } from './conversations/places.ts';
import { Home } from './home.tsx';
import { InboxPage } from './inbox/inbox-page.tsx';
import { JoinPage } from './join/join-page.tsx';
import { MessagePage } from './message/message-page.tsx';
import { NotFound } from './not-found.tsx';
import { askedOf } from './search/asked.ts';
import { SearchPage } from './search/search-page.tsx';
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

/** By the link of an invitation; whoever is signed in may take one for another organisation. */
const join = createRoute({ getParentRoute: () => root, path: '/join', component: JoinPage });

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

const home = createRoute({ getParentRoute: () => app, path: '/', component: Home });

const conversations = createRoute({
  getParentRoute: () => app,
  path: '/conversations',
  validateSearch: placeOf,
  component: function Conversations() {
    return <ConversationsPage place={conversations.useSearch()} />;
  },
});
const noConversation = createRoute({
  getParentRoute: () => conversations,
  path: '/',
  component: NothingOpen,
});
const conversation = createRoute({
  getParentRoute: () => conversations,
  path: '$id',
  component: function Conversation() {
    const { id } = conversation.useParams();
    return <ConversationPane key={id} id={id} place={conversations.useSearch()} />;
  },
});

const direct = createRoute({ getParentRoute: () => app, path: '/direct', component: DirectPage });
const noDirect = createRoute({ getParentRoute: () => direct, path: '/', component: NothingOpen });
const oneDirect = createRoute({
  getParentRoute: () => direct,
  path: '$id',
  component: function Direct() {
    const { id } = oneDirect.useParams();
    return <ConversationPane key={id} id={id} place={null} />;
  },
});

const mail = createRoute({
  getParentRoute: () => app,
  path: '/mail',
  validateSearch: (search): { filter?: string } => textsOf(search, 'filter'),
  component: function Mail() {
    return <InboxPage filter={mail.useSearch().filter ?? ''} />;
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

const contacts = createRoute({ getParentRoute: () => app, path: '/contacts', component: ContactsPage });
const contact = createRoute({
  getParentRoute: () => app,
  path: '/contacts/$id',
  component: function Contact() {
    const { id } = contact.useParams();
    return <ContactPage key={id} id={id} />;
  },
});

const search = createRoute({
  getParentRoute: () => app,
  path: '/search',
  validateSearch: askedOf,
  component: function Search() {
    return <SearchPage asked={search.useSearch()} />;
  },
});

// Seldom looked at, and loaded when it is.
const settingsPages = lazyRouteComponent(() => import('./settings/settings-page.tsx'), 'SettingsPage');
const settings = createRoute({ getParentRoute: () => app, path: '/settings', component: settingsPages });
const settingsPage = createRoute({
  getParentRoute: () => app,
  path: '/settings/$page',
  component: settingsPages,
});

export function makeRouter(context: Context) {
  return createRouter({
    routeTree: root.addChildren([
      signIn,
      join,
      app.addChildren([
        home,
        conversations.addChildren([noConversation, conversation]),
        direct.addChildren([noDirect, oneDirect]),
        mail,
        message,
        contacts,
        contact,
        search,
        settings,
        settingsPage,
      ]),
    ]),
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
