import {
  arrivalOffset,
  type Change,
  type ConversationRow,
  type EntityKind,
  type MeRow,
  type MessageRow,
  type ReadRow,
  type Row,
  type UnreadRow,
  type View,
  viewOfChannel,
} from '@roost/protocol';
import type { LogState } from './log-state.ts';

/** Somebody looks at a channel. */
export interface Looking {
  readonly userId: string;
  readonly channel: string;
  readonly params: Readonly<Record<string, string>>;
}

/** The view as the person sees it who may see everything: its name and order are the same for all. */
export function viewOf({ userId, channel, params }: Looking): View {
  return viewOfChannel(channel, params, { user_id: userId, hidden: [] });
}

export function nameOf({ userId, channel, params }: Looking): string {
  return `${userId} ${channel} ${JSON.stringify(params)}`;
}

/** What a frame's channel and key say is looked at. */
export function lookingAt(userId: string, channel: string, key: string | undefined): Looking {
  const query = key === undefined || !key.includes('?') ? '' : key.slice(key.indexOf('?') + 1);
  const params = Object.fromEntries(new URLSearchParams(query));
  if (params.view?.startsWith('mine:')) params.view = 'mine';
  return { userId, channel, params };
}

/**
 * What somebody is to see of a channel in this state of the log, said as plainly as it can be: nothing of what is kept
 * from them (rule A2), unread counted one by one (rule U2).
 */
export function rowsSeen(state: LogState, { userId, channel, params }: Looking): readonly Row[] {
  const view = viewOfChannel(channel, params, state.viewer(userId));
  if (view.isGuarded && !mayOpen(state, view, userId)) return [];
  const rows = view.isTally
    ? unreadOf(state, userId)
    : state.all(view.kind).filter(view.includes as (row: Row) => boolean);
  return rows.sort(byKey(view));
}

/** Whether a change may make a difference to what is seen. */
export function concerns({ userId }: Looking, view: View, { kind, id }: Change): boolean {
  if (kind === view.kind || (kind === 'access' && id === userId)) return true;
  if (view.isTally) return UNREAD_OF.includes(kind);
  return view.isGuarded === true && kind === 'conversation';
}

const UNREAD_OF: readonly EntityKind[] = ['message', 'conversation', 'read', 'me'];

export function maySee(state: LogState, conversation: ConversationRow, userId: string): boolean {
  const { kind, inbox_id, participants } = conversation;
  if (kind === 'direct') return participants.includes(userId);
  return inbox_id === null || !state.viewer(userId).hidden.includes(inbox_id);
}

function mayOpen(state: LogState, { channel }: View, userId: string): boolean {
  const conversation = state.get<ConversationRow>('conversation', channel.slice(channel.indexOf(':') + 1));
  return conversation !== undefined && maySee(state, conversation, userId);
}

function unreadOf(state: LogState, userId: string): UnreadRow[] {
  const me = state.get<MeRow>('me', userId);
  const messages = state.all<MessageRow>('message');
  return state.all<ConversationRow>('conversation').flatMap((conversation) => {
    if (!maySee(state, conversation, userId)) return [];
    const own = state.get<ReadRow>('read', `${conversation.id}:${userId}`);
    const upTo = readUpTo(me, own);
    const unread = messages
      .filter((message) => message.conversation_id === conversation.id && counts(message, userId))
      .map(({ id }) => id)
      .filter((id) => arrivalOffset(id) > upTo)
      .sort();
    const [first_unread] = unread;
    if (first_unread === undefined) return [];
    const version = Math.max(conversation.version, own?.version ?? 0, me?.read_version ?? 0);
    return [{ ...conversation, version, unread: unread.length, first_unread }];
  });
}

/** What was said last holds; what was said of one conversation before all was read, where it reaches further. */
function readUpTo(me: MeRow | undefined, own: ReadRow | undefined): number {
  const everywhere = me?.read_offset ?? 0;
  if (!own) return everywhere;
  return own.version > (me?.read_version ?? 0) ? own.offset : Math.max(own.offset, everywhere);
}

function counts({ kind, via, author_id }: MessageRow, userId: string): boolean {
  return kind === 'inbound' || (via === 'direct' && kind === 'outbound' && author_id !== userId);
}

function byKey(view: View): (one: Row, other: Row) => number {
  const keyOf = view.sortKey as (row: Row) => string;
  return (one, other) => (keyOf(one) < keyOf(other) ? 1 : -1);
}

/** Tells two states of a row apart. */
export function marked(row: Row): string {
  const { unread, first_unread } = row as Partial<UnreadRow>;
  return `${row.id}:${row.version}${unread === undefined ? '' : `:${unread}:${first_unread}`}`;
}
