import type {
  ListParams,
  ListState,
  MemberRow,
  MessageRow,
  OpenMessage,
  Row,
  Status,
  Unread,
} from '@roost/client';
import { useMemo } from 'react';
import { useRoost } from './provider.tsx';
import { useStore } from './use-store.ts';

/** How fresh what is shown is, and why. */
export function useConnection(): Status {
  return useStore(useRoost().status);
}

export type LiveRows<R extends Row> = ListState<R> & {
  /** Adds the next older rows. One at a time; a call while one is under way changes nothing. */
  readonly fetchMore: () => Promise<void>;
};

/** A list, live while mounted. Hooks of the same channel and filter share one subscription. */
export function useList<R extends Row>(channel: string, params: ListParams = {}): LiveRows<R> {
  const client = useRoost();
  const { filter, limit } = params;
  const list = useMemo(() => client.list<R>(channel, { filter, limit }), [client, channel, filter, limit]);
  const state = useStore(list);
  return useMemo(() => ({ ...state, fetchMore: () => list.fetchMore() }), [state, list]);
}

/** All mail, or what an address filter selects; newest first. */
export function useInbox(filter?: string): LiveRows<MessageRow> {
  return useList<MessageRow>('inbox', { filter });
}

export interface OneMessage {
  /** Undefined while it is loading, and when it is not there, or no longer. */
  readonly message: OpenMessage | undefined;
  readonly isLoading: boolean;
  readonly error: ListState<OpenMessage>['error'];
}

/** One message with what it says. */
export function useMessage(id: string): OneMessage {
  const { rows, isLoading, error } = useList<OpenMessage>(`message:${id}`);
  return { message: rows[0], isLoading, error };
}

/** My own row; undefined until it is known. */
export function useMe(): MemberRow | undefined {
  return useStore(useRoost().me).rows[0];
}

/** What I have not read in the inbox; `atLeast` when more may lie below what is loaded. */
export function useUnread(): Unread {
  return useStore(useRoost().unread);
}
