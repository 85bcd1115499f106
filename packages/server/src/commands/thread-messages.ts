import type { Call, GroupOutcome, QueryCall, QueryOutcome } from './engine.ts';

/** What a store thread is started with. */
export interface ThreadTask {
  readonly file: string;
  /** The reader opens the same file read-only, so that what it reads never delays a commit. */
  readonly role: 'writer' | 'reader';
}

export type ToThread =
  | { readonly kind: 'run'; readonly id: number; readonly calls: readonly Call[] }
  | { readonly kind: 'query'; readonly id: number; readonly call: QueryCall }
  /** Finish what was asked before, close the store, end. */
  | { readonly kind: 'close' };

export type FromThread =
  | { readonly kind: 'ready' }
  /** The store cannot be opened; the sentence is for the person who starts the server. */
  | { readonly kind: 'unopened'; readonly says: string }
  | { readonly kind: 'outcome'; readonly id: number; readonly outcome: GroupOutcome | QueryOutcome };
