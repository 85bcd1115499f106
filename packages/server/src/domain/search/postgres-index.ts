import type { Asked, Phrase } from './asked.ts';
import { type Scope, SEQ_WINDOW_MS, type SearchIndex, seqAt } from './index-contract.ts';

/** PostgreSQL keeps so many places of one word, and no place beyond this. */
const PLACES_MAX_COUNT = 256;
const PLACE_MAX = 16_383;

/** tsvector with GIN. Its own parser and dictionaries are not used: words come folded. */
export const postgresIndex: SearchIndex = {
  async put(tx, { org, ref, kind, at, conversation_id, inbox_id, words }) {
    await tx.run(
      `insert into search_document (org, ref, seq, kind, conversation_id, inbox_id, words)
         select ?, ?, coalesce(max(seq) + 1, cast(? as bigint)), ?, ?, ?, cast(? as tsvector)
           from search_document where org = ? and seq >= ? and seq < ?`,
      org,
      ref,
      seqAt(at),
      kind,
      conversation_id,
      inbox_id,
      vectorOf(words),
      org,
      seqAt(at),
      seqAt(at + SEQ_WINDOW_MS),
    );
  },

  drop: (tx, org, ref) => tx.run('delete from search_document where org = ? and ref = ?', org, ref),

  match(asked, scope, { above, below }, limit) {
    const { sql, params } = within(scope);
    return {
      sql: `select seq from search_document where org = ? and words @@ cast(? as tsquery) and seq > ? and seq < ? ${sql}
              order by seq desc limit ?`,
      params: [scope.org, expression(asked), above, below, ...params, limit],
    };
  },
};

function vectorOf(words: readonly string[]): string {
  const places = new Map<string, number[]>();
  for (const [at, word] of words.entries()) {
    const known = places.get(word);
    if (!known) places.set(word, [Math.min(at + 1, PLACE_MAX)]);
    else if (known.length < PLACES_MAX_COUNT && at < PLACE_MAX) known.push(at + 1);
  }
  return [...places].map(([word, at]) => `'${word}':${at.join(',')}`).join(' ');
}

function expression({ wanted, unwanted }: Asked): string {
  return [...wanted.map(phrase), ...unwanted.map((one) => `!(${phrase(one)})`)].join(' & ');
}

/** Words are letters, digits and marks: nothing in them means anything to the query. */
function phrase({ words, isPrefix }: Phrase): string {
  const last = words.length - 1;
  return `(${words.map((word, at) => `'${word}'${isPrefix && at === last ? ':*' : ''}`).join(' <-> ')})`;
}

function within({ kinds, inbox_id, hidden, own, conversation_ids }: Scope) {
  const parts: string[] = [];
  const params: string[] = [];
  const isOneOf = (column: string, values: readonly string[]) => {
    params.push(...values);
    return values.length === 0 ? '1 = 0' : `${column} in (${values.map(() => '?').join(', ')})`;
  };
  if (kinds !== null) parts.push(isOneOf('kind', kinds));
  if (conversation_ids !== null) parts.push(isOneOf('conversation_id', conversation_ids));
  if (inbox_id !== null) parts.push(isOneOf('inbox_id', [inbox_id]));
  if (hidden.length > 0) parts.push(`(inbox_id is null or not ${isOneOf('inbox_id', hidden)})`);
  parts.push(`(inbox_id is not null or conversation_id is null or ${isOneOf('conversation_id', own)})`);
  return { sql: parts.map((part) => `and ${part}`).join(' '), params };
}
