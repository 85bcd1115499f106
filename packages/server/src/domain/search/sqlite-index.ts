import type { Asked, Phrase } from './asked.ts';
import { type Document, type Scope, SEQ_WINDOW_MS, type SearchIndex, seqAt } from './index-contract.ts';

/** FTS5. Words and where they belong are two columns of one index, so that both narrow the search before anything is read. */
export const sqliteIndex: SearchIndex = {
  async put(tx, document) {
    const { org, ref, kind, at, conversation_id, inbox_id, words } = document;
    // Places are of the whole file: they are the row ids of the index.
    await tx.run(
      `insert into search_document (org, ref, seq, kind, conversation_id, inbox_id)
         select ?, ?, coalesce(max(seq) + 1, ?), ?, ?, ? from search_document where seq >= ? and seq < ?`,
      org,
      ref,
      seqAt(at),
      kind,
      conversation_id,
      inbox_id,
      seqAt(at),
      seqAt(at + SEQ_WINDOW_MS),
    );
    await tx.run(
      'insert into search_text (rowid, words, scope) values ((select seq from search_document where org = ? and ref = ?), ?, ?)',
      org,
      ref,
      words.join(' '),
      scopeWords(document),
    );
  },

  async drop(tx, org, ref) {
    await tx.run(
      'delete from search_text where rowid = (select seq from search_document where org = ? and ref = ?)',
      org,
      ref,
    );
    await tx.run('delete from search_document where org = ? and ref = ?', org, ref);
  },

  match: (asked, scope, { above, below }, limit) => ({
    sql: `select rowid as seq from search_text where search_text match ? and rowid > ? and rowid < ?
            order by rowid desc limit ?`,
    params: [expression(asked, scope), above, below, limit],
  }),
};

function scopeWords({ org, kind, conversation_id, inbox_id }: Document): string {
  const words = [word('o', org), word('k', kind)];
  if (inbox_id !== null) words.push(word('i', inbox_id));
  else if (conversation_id !== null) words.push('d');
  if (conversation_id !== null) words.push(word('c', conversation_id));
  return words.join(' ');
}

/** Letters and digits only, whatever an id is made of. */
function word(kind: string, id: string): string {
  return kind + id.replace(/[^a-zA-Z0-9]/g, (sign) => `x${sign.codePointAt(0)?.toString(16)}`);
}

function expression({ wanted, unwanted }: Asked, scope: Scope): string {
  const words = `words : (${wanted.map(phrase).join(' AND ')})`;
  const found = `(${words} AND ${within(scope)})`;
  if (unwanted.length === 0) return found;
  return `${found} NOT words : (${unwanted.map(phrase).join(' OR ')})`;
}

function within({ org, kinds, inbox_id, hidden, own, conversation_ids }: Scope): string {
  const parts = [anyOf([word('o', org)])];
  if (kinds !== null) parts.push(anyOf(kinds.map((kind) => word('k', kind))));
  if (conversation_ids !== null) parts.push(anyOf(conversation_ids.map((id) => word('c', id))));
  if (inbox_id !== null) parts.push(anyOf([word('i', inbox_id)]));
  const kept = [...hidden.map((id) => word('i', id)), 'd'];
  const seen = `((${parts.join(' AND ')}) NOT ${anyOf(kept)})`;
  if (own.length === 0 || inbox_id !== null) return seen;
  return `(${seen} OR (${parts.join(' AND ')} AND ${anyOf(own.map((id) => word('c', id)))}))`;
}

/** Words here are letters and digits: nothing in them means anything to the index. */
function anyOf(words: readonly string[]): string {
  return `scope : (${words.map((one) => `"${one}"`).join(' OR ')})`;
}

function phrase({ words, isPrefix }: Phrase): string {
  return `"${words.join(' ')}"${isPrefix ? ' *' : ''}`;
}
