import type { ConversationViewName } from '@roost/protocol';
import type { Tx, Value } from '../../store/database.ts';
import { cut, PAST_EVERY_ID, type Page } from './page.ts';

export interface ConversationsAsked {
  readonly params: Readonly<Record<string, unknown>>;
  readonly user_id: string;
  readonly hidden: readonly string[];
}

/** Last active first, at most `limit`, below `before`. The view's predicate as SQL; a test holds the two equal (rule S4). */
export async function conversationsPage(
  tx: Tx,
  org: string,
  { params, user_id, hidden }: ConversationsAsked,
  before: string | null,
  limit: number,
): Promise<Page> {
  const view = conditionOf((params.view as ConversationViewName | undefined) || 'open', user_id);
  const conditions = [view.sql];
  const values: Value[] = [...view.params];
  for (const [param, column] of [
    ['inbox', 'inbox_id'],
    ['contact', 'contact_id'],
  ] as const) {
    if (!params[param]) continue;
    conditions.push(`${column} = ?`);
    values.push(params[param] as string);
  }
  if (hidden.length > 0) {
    conditions.push(`inbox_id not in (${hidden.map(() => '?').join(', ')})`);
    values.push(...hidden);
  }
  if (params.label) {
    conditions.push(
      'id in (select conversation_id from conversation_label as carried where carried.org = conversation.org and label = ?)',
    );
    values.push(params.label as string);
  }
  const found = await tx.all<{ activity: string; row: string }>(
    `select activity, "row" from conversation where org = ? and kind = 'contact' and ${conditions.join(' and ')}
       and activity < ? order by activity desc limit ?`,
    org,
    ...values,
    before ?? PAST_EVERY_ID,
    limit + 1,
  );
  return cut(found, limit, ({ activity }) => activity);
}

/** Direct conversations of one member, last active first. */
export async function directPage(
  tx: Tx,
  org: string,
  userId: string,
  before: string | null,
  limit: number,
): Promise<Page> {
  const found = await tx.all<{ activity: string; row: string }>(
    `select activity, "row" from participant
       join conversation on conversation.org = participant.org and conversation.id = conversation_id
      where participant.org = ? and participant.user_id = ? and activity < ? order by activity desc limit ?`,
    org,
    userId,
    before ?? PAST_EVERY_ID,
    limit + 1,
  );
  return cut(found, limit, ({ activity }) => activity);
}

function conditionOf(name: ConversationViewName, userId: string): { sql: string; params: Value[] } {
  switch (name) {
    case 'all':
      return { sql: '1 = 1', params: [] };
    case 'mine':
      return { sql: `status = 'open' and assignee_id = ?`, params: [userId] };
    case 'unassigned':
      return { sql: `status = 'open' and assignee_id is null`, params: [] };
    default:
      return { sql: 'status = ?', params: [name] };
  }
}
