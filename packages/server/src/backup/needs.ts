import type { Database } from '../store/database.ts';

/** What a backup asks of a store, and of a folder of blobs. */
export type BackedUp = Pick<Database, 'read'>;
export type Restored = Pick<Database, 'read' | 'write'>;

export interface BlobSource {
  /** Null when there is none. */
  get(digest: string): Promise<Buffer | null>;
}

export interface BlobTarget {
  /** Resolves, with the digest of the bytes, once they survive a power cut. */
  put(bytes: Uint8Array): Promise<string>;
}
