import type {
  Channel,
  ListState,
  MeRow,
  MessageRow,
  OpenMessage,
  ParamsOf,
  Row,
  RowOf,
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

/** A list, live while mounted. Hooks of the same channel and parameters share one subscription. */
export function useList<Name extends Channel | (string & {})>(
  channel: Name,
  params?: ParamsOf<Name>,
): LiveRows<RowOf<Name>> {
  // The client has one handle for each channel with its parameters.
  const list = useRoost().list(channel, params);
  const state = useStore(list);
  return useMemo(() => ({ ...state, fetchMore: () => list.fetchMore() }), [state, list]);
}

/** All mail, or what an address filter selects; newest first. */
export function useInbox(filter?: string): LiveRows<MessageRow> {
  return useList('inbox', { filter });
}

export interface OneMessage {
  /** Undefined while it is loading, and when it is not there, or no longer. */
  readonly message: OpenMessage | undefined;
  readonly isLoading: boolean;
  readonly error: ListState<OpenMessage>['error'];
}

/** One message with what it says. */
export function useMessage(id: string): OneMessage {
  const { rows, isLoading, error } = useList(`message:${id}`);
  return { message: rows[0], isLoading, error };
}

/** My own row; undefined until it is known. */
export function useMe(): MeRow | undefined {
  return useStore(useRoost().me).rows[0];
}

/** What I have not read of the mail in the list `inbox`; `atLeast` when more may lie below what is loaded. */
export function useUnreadMail(): Unread {
  return useStore(useRoost().unreadMail);
}
