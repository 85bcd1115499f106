import { type AddressFilter, parseAddressFilter } from '@roost/protocol';
import type { Tx, Value } from '../../store/database.ts';
import { cut, PAST_EVERY_ID, type Page } from './page.ts';

export interface InboxAsked {
  readonly filter: string;
  /** Ids of inboxes kept from the reader. */
  readonly hidden: readonly string[];
}

/** Mail that came, newest first, at most `limit`, below `before`. One step through an index, however many messages are stored. */
export async function inboxPage(
  tx: Tx,
  org: string,
  { filter, hidden }: InboxAsked,
  before: string | null,
  limit: number,
): Promise<Page> {
  const isSeen = hidden.length === 0 ? '' : `and inbox_id not in (${hidden.map(() => '?').join(', ')})`;
  const found = await foundBy(parseAddressFilter(filter));
  return cut(found, limit, ({ id }) => id);

  function foundBy(parsed: AddressFilter | null): Promise<{ id: string; row: string }[]> {
    const from = before ?? PAST_EVERY_ID;
    if (parsed === null) {
      return tx.all(
        `select id, "row" from message where org = ? and via = 'mail' and kind = 'inbound' and decision = 'INBOX' and id < ? ${isSeen}
           order by id desc limit ?`,
        org,
        from,
        ...hidden,
        limit + 1,
      );
    }
    const { condition, params } = conditionOf(parsed);
    if (hidden.length === 0) {
      return tx.all(
        `select id, "row" from (
            select distinct org as o, message_id from recipient where org = ? and message_id < ? and ${condition}
            order by message_id desc limit ?
          ) as matching join message on message.org = o and message.id = message_id order by id desc`,
        org,
        from,
        ...params,
        limit + 1,
      );
    }
    return tx.all(
      `select id, "row" from message where org = ? and id < ? ${isSeen} and id in (
          select message_id from recipient where org = ? and message_id < ? and ${condition})
         order by id desc limit ?`,
      org,
      from,
      ...hidden,
      org,
      from,
      ...params,
      limit + 1,
    );
  }
}

/** The view's predicate as SQL; a test holds it equal to the one that runs on deltas (rule S4). */
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
