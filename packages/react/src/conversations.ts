import type {
  CannedReplyRow,
  ConversationRow,
  DraftMessageInput,
  InboxRow,
  LabelRow,
  ListState,
  MemberRow,
  MessageRow,
  OutboxEntry,
  ParamsOf,
  Present,
  UnreadState,
} from '@roost/client';
import { useCallback, useMemo } from 'react';
import { type LiveRows, useList } from './hooks.ts';
import { useRoost } from './provider.tsx';
import { useStore } from './use-store.ts';

/** Conversations with contacts, last active first: the open ones, or what the parameters select. */
export function useConversations(params: ParamsOf<'conversations'> = {}): LiveRows<ConversationRow> {
  return useList('conversations', params);
}

export interface OneConversation {
  /** Undefined while it is loading, and when it is not there, or no longer for me. */
  readonly conversation: ConversationRow | undefined;
  readonly isLoading: boolean;
  readonly error: ListState['error'];
}

export function useConversation(id: string): OneConversation {
  const { rows, isLoading, error } = useList(`conversation:${id}`);
  return { conversation: rows[0], isLoading, error };
}

export type Thread = LiveRows<MessageRow> & {
  /** What I have sent and is not among the rows yet, oldest first. Each message is in one of the two, never in both. */
  readonly pending: readonly OutboxEntry[];
};

/** The messages of a conversation, newest first, and what waits to be sent in it. */
export function useThread(id: string): Thread {
  const list = useList(`thread:${id}`);
  const pending = useStore(useRoost().outbox(id));
  return useMemo(() => ({ ...list, pending }), [list, pending]);
}

/**
 * Sends in a conversation; what becomes of it shows in {@link useThread}.
 *
 * @returns a function that throws outbox.full, and gives the id of the entry
 */
export function useSend(conversationId: string): (draft: DraftMessageInput) => string {
  const client = useRoost();
  return useCallback((draft) => client.send(conversationId, draft), [client, conversationId]);
}

/** What I have not read: totals, and by conversation, inbox and view. */
export function useUnread(): UnreadState {
  return useStore(useRoost().unread);
}

/** Everybody in the organisation, and who was. */
export function useMembers(): LiveRows<MemberRow> {
  return useList('members', ALL);
}

export function useInboxes(): LiveRows<InboxRow> {
  return useList('inboxes', ALL);
}

export function useLabels(): LiveRows<LabelRow> {
  return useList('labels', ALL);
}

export function useCannedReplies(): LiveRows<CannedReplyRow> {
  return useList('canned_replies', ALL);
}

/** Who is here now, or who else has a conversation open that I have open. */
export function usePresence(conversationId?: string): readonly Present[] {
  const client = useRoost();
  return useStore(
    conversationId === undefined ? client.presence : client.presenceIn(`thread:${conversationId}`),
  );
}

export interface Typing {
  /** User ids of who else is typing there. */
  readonly userIds: readonly string[];
  /** I am typing; to be called at every key. */
  readonly type: () => void;
}

/** Typing in a conversation that I have open. */
export function useTyping(conversationId: string): Typing {
  const client = useRoost();
  const scope = `thread:${conversationId}`;
  const userIds = useStore(client.typing(scope));
  const type = useCallback(() => client.sendTyping(scope), [client, scope]);
  return useMemo(() => ({ userIds, type }), [userIds, type]);
}

/** As many as a page may have; most organisations have fewer. */
const ALL = { limit: 200 } as const;
