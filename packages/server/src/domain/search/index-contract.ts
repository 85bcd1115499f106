import type { FoundKind } from '@roost/protocol';
import type { Tx } from '../../store/database.ts';
import type { Asked } from './asked.ts';

/** Something that can be found. */
export interface Document {
  readonly org: string;
  /** Its own id, of whatever kind it is. */
  readonly ref: string;
  readonly kind: FoundKind;
  /** ms since 1970: what is newer is found first. */
  readonly at: number;
  readonly conversation_id: string | null;
  readonly inbox_id: string | null;
  /** Folded, in their order. */
  readonly words: readonly string[];
}

/** Where to look. */
export interface Scope {
  readonly org: string;
  /** Null for all. */
  readonly kinds: readonly FoundKind[] | null;
  /** Only of this inbox; null for all that are not hidden. */
  readonly inbox_id: string | null;
  readonly hidden: readonly string[];
  /** Direct conversations of whoever asks; those of others are not looked at. */
  readonly own: readonly string[];
  /** Only of these conversations; null for all. */
  readonly conversation_ids: readonly string[] | null;
}

/** Both ends are left out. */
export interface Span {
  readonly above: number;
  readonly below: number;
}

/** What the two stores do each in its own way. */
export interface SearchIndex {
  /** The document must not be there. */
  put(tx: Tx, document: Document): Promise<void>;
  drop(tx: Tx, org: string, ref: string): Promise<void>;
  /** Places of what holds the words, newest first, at most `limit`; it may hold some that lie outside the scope. */
  match(asked: Asked, scope: Scope, span: Span, limit: number): { sql: string; params: (string | number)[] };
}

/** Places of one millisecond. */
export const SEQ_PER_MS = 2_048;
/** Documents of one moment that find their places taken get the next that is free, which is never far. */
export const SEQ_WINDOW_MS = 60_000;

export function seqAt(ms: number): number {
  return ms * SEQ_PER_MS;
}

export function timeOf(seq: number): number {
  return Math.floor(seq / SEQ_PER_MS);
}

/** Where something was found. */
export interface Place {
  readonly seq: number;
  readonly kind: FoundKind;
  readonly ref: string;
  readonly conversation_id: string | null;
}
