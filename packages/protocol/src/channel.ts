import { Failure } from './failures.ts';
import { partsOf, unknownChannel, type Word, type WordOfOne } from './outline.ts';
import { conversationView, directView, readsView, threadView, unreadView } from './views/conversation.ts';
import { conversationsView } from './views/conversations.ts';
import {
  cannedRepliesView,
  contactsView,
  contactView,
  inboxesView,
  labelsView,
  membersView,
  templatesView,
} from './views/directory.ts';
import { inboxView } from './views/inbox.ts';
import {
  autoReplyView,
  filtersView,
  jobsView,
  mailboxesView,
  mailboxView,
  policiesView,
  policyRulesView,
  quarantineView,
  settingsView,
} from './views/mail.ts';
import { meView } from './views/me.ts';
import { messageView } from './views/message.ts';
import { failureOf, type View, type Viewer } from './views/view.ts';

export type ChannelParams = Readonly<Record<string, unknown>>;

/** The ephemeral channel: who is here now. It has no rows and no place in the log (rule P1). */
export const PRESENCE_CHANNEL = 'presence';
/** Named events as they happen. It has no rows, and nothing of it is told twice (rule N1). */
export const EVENTS_CHANNEL = 'events';

type Open = (viewer: Viewer, params: ChannelParams) => View;

/** Channels that are named by a word … */
const named: Readonly<Record<Word, Open>> = {
  inbox: (viewer, params) => inboxView({ filter: textParam(params, 'filter') }, viewer),
  me: ({ user_id }) => meView(user_id),
  conversations: (viewer, params) =>
    conversationsView(
      {
        view: textParam(params, 'view'),
        inbox: textParam(params, 'inbox'),
        label: textParam(params, 'label'),
        contact: textParam(params, 'contact'),
      },
      viewer,
    ),
  unread: unreadView,
  direct: directView,
  members: membersView,
  inboxes: inboxesView,
  labels: labelsView,
  canned_replies: cannedRepliesView,
  templates: templatesView,
  contacts: contactsView,
  policies: policiesView,
  quarantine: quarantineView,
  jobs: jobsView,
};

/** … and those of one thing, `<word>:<id>`. */
const ofOne: Readonly<Record<WordOfOne, (id: string, viewer: Viewer) => View>> = {
  message: messageView,
  conversation: conversationView,
  thread: threadView,
  reads: readsView,
  contact: contactView,
  mailboxes: mailboxesView,
  messages: mailboxView,
  filters: filtersView,
  settings: settingsView,
  autoreply: autoReplyView,
  'policy-rules': policyRulesView,
};

/**
 * The view that a channel's name and parameters select.
 *
 * @throws channel.unknown, filter.invalid
 */
export function viewOfChannel(channel: string, params: ChannelParams, viewer: Viewer): View {
  const { word, id } = partsOf(channel);
  const open = id === null ? own(named, word) : undefined;
  if (open) return open(viewer, params);
  const openOne = id ? own(ofOne, word) : undefined;
  if (openOne) return openOne(id as string, viewer);
  throw failureOf(unknownChannel(channel));
}

function own<T>(from: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(from, name) ? from[name] : undefined;
}

function textParam(params: ChannelParams, name: string): string | undefined {
  const value = params[name];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw new Failure('filter.invalid', `“${name}” must be text.`);
  return value;
}
