import type { QueryContext } from '../../commands/index.ts';

/** Rows in a view's order, each as JSON text. */
export interface Page {
  readonly rows: readonly string[];
  /** Sort key of the last row when more lie below it, else null. */
  readonly next: string | null;
}

/** Sorts after every id. */
export const PAST_EVERY_ID = '~';

/** Rows whose id is their sort key: newest first, at most `limit`, below `before`; one step through an index. */
export async function idPage(
  { tx, org }: QueryContext,
  table: 'message' | 'contact' | 'canned_reply' | 'rule' | 'policy' | 'job',
  where: Readonly<Record<string, string>>,
  before: string | null,
  limit: number,
): Promise<Page> {
  const conditions = Object.keys(where).map((column) => `and ${column} = ?`);
  const found = await tx.all<{ id: string; row: string }>(
    `select id, "row" from ${table} where org = ? ${conditions.join(' ')} and id < ? order by id desc limit ?`,
    org,
    ...Object.values(where),
    before ?? PAST_EVERY_ID,
    limit + 1,
  );
  return cut(found, limit, ({ id }) => id);
}

/** What was found, without the one row too many that tells that there are more. */
export function cut<R extends { readonly row: string }>(
  found: readonly R[],
  limit: number,
  keyOf: (row: R) => string,
): Page {
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  return {
    rows: rows.map(({ row }) => row),
    next: found.length > limit && last ? keyOf(last) : null,
  };
}
