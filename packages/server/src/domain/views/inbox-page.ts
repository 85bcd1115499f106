import { type AddressFilter, parseAddressFilter } from '@roost/protocol';
import type { Tx, Value } from '../../store/database.ts';

export interface Page {
  readonly rows: readonly string[];
  readonly next: string | null;
}

/** Sorts after every id. */
const PAST_EVERY_ID = '~';

/** Newest first, at most `limit`, below `before`. One step through an index, however many messages are stored. */
export async function inboxPage(
  tx: Tx,
  org: string,
  filter: string,
  before: string | null,
  limit: number,
): Promise<Page> {
  const { sql, params } = selection(parseAddressFilter(filter));
  const found = await tx.all<{ id: string; row: string }>(
    sql,
    org,
    before ?? PAST_EVERY_ID,
    ...params,
    limit + 1,
  );
  const rows = found.slice(0, limit);
  return { rows: rows.map(({ row }) => row), next: found.length > limit ? (rows.at(-1)?.id ?? null) : null };
}

/** The view's predicate as SQL; a test holds it equal to the one that runs on deltas (rule S4). */
function selection(filter: AddressFilter | null): { sql: string; params: Value[] } {
  if (filter === null) {
    return {
      sql: 'select id, "row" from message where org = ? and id < ? order by id desc limit ?',
      params: [],
    };
  }
  const { condition, params } = conditionOf(filter);
  return {
    sql: `select id, "row" from (
        select distinct org as o, message_id from recipient where org = ? and message_id < ? and ${condition}
        order by message_id desc limit ?
      ) as matching join message on message.org = o and message.id = message_id order by id desc`,
    params,
  };
}

function conditionOf(filter: AddressFilter): { condition: string; params: Value[] } {
  switch (filter.kind) {
    case 'address':
      return { condition: 'address = ?', params: [filter.address] };
    case 'address-pattern':
      return { condition: `address like ? escape '\\'`, params: [likePattern(filter.pieces)] };
    case 'local-substring':
      return { condition: `local_part like ? escape '\\'`, params: [likePattern(['', filter.text, ''])] };
    case 'local-pattern':
      return { condition: `local_part like ? escape '\\'`, params: [likePattern(filter.pieces)] };
  }
}

/** `%`, `_` and `\` stand for themselves. */
function likePattern(pieces: readonly string[]): string {
  return pieces.map((piece) => piece.replace(/[%_\\]/g, '\\$&')).join('%');
}
