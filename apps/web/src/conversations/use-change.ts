import type { ConversationRow, ConversationStatus } from '@roost/protocol';
import { useMemo } from 'react';
import { holdUnread } from '../conversation/use-reading.ts';
import type { Api } from '../session/api.ts';
import { useApi } from '../session/session-context.tsx';
import { tell, tellProblem } from '../ui/toasts.tsx';

/** What may be changed of conversations, as the server takes it. */
export interface ConversationChange {
  readonly status?: ConversationStatus;
  readonly snoozed_until?: string | null;
  readonly assignee_id?: string | null;
  readonly add_labels?: readonly string[];
  readonly remove_labels?: readonly string[];
  readonly subject?: string;
}

export type ConversationChanger = ReturnType<typeof changerOf>;

/** All that agents do with conversations. What fails is told in a sentence. */
export function useChange(): ConversationChanger {
  const api = useApi();
  return useMemo(() => changerOf(api), [api]);
}

function changerOf(api: Api) {
  const change = async (rows: readonly ConversationRow[], change: ConversationChange, says?: string) => {
    try {
      await put(api, rows, change);
      if (says !== undefined) tell(says, undoOf(api, rows, change));
    } catch (error) {
      tellProblem(`Not changed. ${(error as Error).message}`);
    }
  };
  const each = async (rows: readonly ConversationRow[], act: (row: ConversationRow) => Promise<unknown>) => {
    const outcomes = await Promise.allSettled(rows.map(act));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) tellProblem(`Not changed. ${(failed.reason as Error).message}`);
  };
  return {
    change,
    assign: (rows: readonly ConversationRow[], userId: string | null, says?: string) =>
      change(rows, { assignee_id: userId }, says),
    status: (rows: readonly ConversationRow[], status: Exclude<ConversationStatus, 'snoozed'>) =>
      change(rows, { status }, statusSaid[status](inWords(rows))),
    snooze: (rows: readonly ConversationRow[], until: number, untilInWords: string) =>
      change(
        rows,
        { status: 'snoozed', snoozed_until: new Date(until).toISOString() },
        `${inWords(rows)} snoozed until ${untilInWords}.`,
      ),
    markRead: (rows: readonly ConversationRow[]) =>
      each(rows, (row) =>
        api.write('POST', `/api/v1/conversations/${row.id}/read`, { up_to: row.inbound_offset }),
      ),
    markUnread: (rows: readonly ConversationRow[]) => {
      holdUnread(rows.map(({ id }) => id));
      return each(rows, (row) => api.write('POST', `/api/v1/conversations/${row.id}/unread`));
    },
  };
}

const statusSaid: Record<Exclude<ConversationStatus, 'snoozed'>, (what: string) => string> = {
  open: (what) => `${what} opened again.`,
  pending: (what) => `${what} set to pending.`,
  closed: (what) => `${what} closed.`,
  archived: (what) => `${what} archived.`,
};

function inWords(rows: readonly ConversationRow[]): string {
  return rows.length === 1 ? 'Conversation' : `${rows.length} conversations`;
}

function put(api: Api, rows: readonly ConversationRow[], change: ConversationChange): Promise<unknown> {
  return api.write('POST', '/api/v1/conversations/change', {
    conversation_ids: rows.map(({ id }) => id),
    change,
  });
}

/** Back to how it was, where one change brings all of them back. */
function undoOf(
  api: Api,
  rows: readonly ConversationRow[],
  { status, assignee_id }: ConversationChange,
): (() => void) | undefined {
  const [first] = rows;
  if (!first) return undefined;
  const wasSame = rows.every(
    (row) =>
      row.status === first.status &&
      row.snoozed_until === first.snoozed_until &&
      row.assignee_id === first.assignee_id,
  );
  if (!wasSame) return undefined;
  const before: ConversationChange = {
    ...(status === undefined
      ? {}
      : {
          status: first.status,
          ...(first.status === 'snoozed' ? { snoozed_until: first.snoozed_until } : {}),
        }),
    ...(assignee_id === undefined ? {} : { assignee_id: first.assignee_id }),
  };
  return () => {
    put(api, rows, before).catch((error: Error) => tellProblem(`Not undone. ${error.message}`));
  };
}
