import type { FailureCode } from './failures.ts';
import { normalAddress, problemOfFilter } from './filter.ts';
import { type ConversationsParams, conversationViews } from './views/parts.ts';

/**
 * What a channel's name and parameters say by themselves: how frames name it, and the order of its rows. A client needs
 * no more, for the server tells it which rows there are; a view adds that.
 */
export interface Outline {
  readonly channel: string;
  /** Names the view within its organisation, as one person sees it: channel, and what of it. */
  keyFor(userId: string): string;
  /** Rows with the greater sort key come first. */
  sortKey(row: Sorted): string;
}

/** What rows are sorted by. */
export interface Sorted {
  readonly id: string;
  readonly activity?: string;
}

/** Why a channel's name and parameters select nothing. */
export interface NoOutline {
  readonly code: Extract<FailureCode, 'channel.unknown' | 'filter.invalid'>;
  readonly says: string;
}

export interface InboxParams {
  /** Address filter; everything when left out. */
  readonly filter?: string | undefined;
}

/** What may be asked of channels. Each takes its own, and ignores the others'. */
export interface OutlineParams extends InboxParams, ConversationsParams {}

/** Channels that are named by a word, with what their key says beside it. */
const words = {
  inbox: keyOfInbox,
  me: keyOfMine,
  conversations: keyOfConversations,
  unread: keyOfMine,
  direct: keyOfMine,
  members: keyOfAll,
  inboxes: keyOfAll,
  labels: keyOfAll,
  canned_replies: keyOfAll,
  templates: keyOfAll,
  contacts: keyOfAll,
  policies: keyOfAll,
  quarantine: keyOfAll,
  jobs: keyOfMine,
} as const satisfies Record<string, (params: OutlineParams, userId: string) => string>;
export type Word = keyof typeof words;

/** Channels of one thing, `<word>:<id>`. */
const wordsOfOne = [
  'message',
  'conversation',
  'thread',
  'reads',
  'contact',
  'mailboxes',
  'messages',
  'filters',
  'settings',
  'autoreply',
  'policy-rules',
] as const;
export type WordOfOne = (typeof wordsOfOne)[number];

/** Every channel there is. */
export const channelWords = { alone: Object.keys(words) as Word[], ofOne: wordsOfOne } as const;

/** A conversation moves up when something happens in it; everything else stays where it came. */
const movingWords: readonly string[] = ['conversations', 'unread', 'direct'] satisfies Word[];

export function outlineOf(channel: string, params: OutlineParams = {}): Outline | NoOutline {
  const { word, id } = partsOf(channel);
  const sortKey = movingWords.includes(word) ? byActivity : byId;
  if (id !== null)
    return id !== '' && wordsOfOne.some((known) => known === word)
      ? { channel, keyFor: () => channel, sortKey }
      : unknownChannel(channel);
  if (!Object.hasOwn(words, word)) return unknownChannel(channel);
  const says = problemOf(word, params);
  if (says !== null) return { code: 'filter.invalid', says };
  const detail = words[word as Word];
  return { channel, keyFor: (userId) => `${word}${detail(params, userId)}`, sortKey };
}

/** `<word>`, or `<word>:<id>` with whatever the id holds. */
export function partsOf(channel: string): { readonly word: string; readonly id: string | null } {
  const colon = channel.indexOf(':');
  return colon === -1
    ? { word: channel, id: null }
    : { word: channel.slice(0, colon), id: channel.slice(colon + 1) };
}

export function unknownChannel(channel: string): NoOutline {
  return { code: 'channel.unknown', says: `There is no channel “${channel.slice(0, 80)}”.` };
}

function byId({ id }: Sorted): string {
  return id;
}

function byActivity({ activity = '' }: Sorted): string {
  return activity;
}

/** A sentence for a person, or null. */
function problemOf(word: string, { filter = '', view = 'open' }: OutlineParams): string | null {
  if (word === 'inbox') return problemOfFilter(filter);
  const isView = word !== 'conversations' || conversationViews.some((known) => known === view);
  return isView ? null : `A view is one of ${conversationViews.join(', ')}.`;
}

function keyOfAll(): string {
  return '';
}

function keyOfMine(_params: OutlineParams, userId: string): string {
  return `:${userId}`;
}

function keyOfInbox({ filter = '' }: OutlineParams): string {
  const written = normalAddress(filter);
  return written === '' ? '' : `?filter=${encodeURIComponent(written)}`;
}

function keyOfConversations(params: OutlineParams, userId: string): string {
  const { view = 'open', inbox, label, contact } = params;
  const said = Object.entries({ view: view === 'mine' ? `mine:${userId}` : view, inbox, label, contact });
  const parts = said.flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  return `?${parts.join('&')}`;
}
