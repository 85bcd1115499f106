import type { Clock, Random } from '../clock.ts';
import type { Database } from '../store/database.ts';

/** A store that is backed up, and one that is restored into. */
export type Source = Pick<Database, 'dialect' | 'read'>;
export type Target = Pick<Database, 'dialect' | 'read' | 'write'>;

export interface BlobSource {
  /** Null when there is none. */
  get(digest: string): Promise<Buffer | null>;
}

export interface BlobTarget {
  /** Resolves once the bytes survive a power cut. */
  put(bytes: Uint8Array): Promise<string>;
}

/** Hears, in words, how far the work is. */
export type Tell = (sentence: string) => void;

export interface BackupOptions {
  readonly clock: Pick<Clock, 'now'>;
  /** Of this program, for whoever finds the backup later. */
  readonly version: string;
  readonly tell: Tell;
}

export interface RestoreOptions {
  readonly random: Random;
  readonly tell: Tell;
}
