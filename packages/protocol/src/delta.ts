import type { Row } from './entity.ts';

/** What changed in a view after `prev`, up to and including `offset`. Rows are whole. */
export interface Delta<R extends Row = Row> {
  readonly prev: number;
  readonly offset: number;
  readonly added: readonly R[];
  readonly updated: readonly R[];
  readonly deleted: readonly string[];
}
