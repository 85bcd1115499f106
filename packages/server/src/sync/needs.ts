import type { AccessRow } from '@roost/protocol';
import type { Actor, LogEntry } from '../commands/index.ts';
import type { Head, ViewPage } from '../domain/index.ts';

/** All that sync asks of the store. */
export interface LogReader {
  /** Heads of the organisations that exist. */
  heads(orgs: readonly string[]): Promise<readonly Head[]>;
  /** Entries after `after`, oldest first, at most `limit`; null for an organisation that does not exist. */
  read(
    org: string,
    after: number,
    limit: number,
  ): Promise<{ head: Head; entries: readonly LogEntry[] } | null>;
  /** What a member may see, as of one moment. */
  access(org: string, userId: string): Promise<AccessAt>;
  /** Rows of a view at one moment, under the reader's own permissions. @throws Failure */
  rows(reader: Identity, request: RowsRequest): Promise<ViewPage>;
}

export interface AccessAt {
  readonly epoch: string;
  readonly offset: number;
  readonly access: AccessRow;
}

export interface RowsRequest {
  readonly channel: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly before: string | null;
  readonly limit: number;
}

/** Who reads. */
export interface Identity {
  readonly org: string;
  readonly user_id: string;
  readonly actor: Actor;
}

/** Makes the bytes of one frame; made once, written to every reader. */
export type EncodeFrame = (text: string) => Buffer;
