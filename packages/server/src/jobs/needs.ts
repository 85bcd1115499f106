import type { CommandBus } from '../commands/index.ts';

/** All that housekeeping asks of the outside. */
export interface HousekeepingNeeds {
  readonly bus: Pick<CommandBus, 'execute' | 'query'>;
  readonly blobs: BlobSweep;
  readonly log: {
    info(about: object, says: string): void;
    warn(says: string): void;
    error(about: object, says: string): void;
  };
}

export interface BlobSweep {
  /** Deletes what is old and not among those the function names again, asked about at most 500 at once. */
  sweep(
    isReferenced: (digests: string[]) => Promise<Set<string>>,
    now: number,
  ): Promise<{ readonly removed: number; readonly bytes: number }>;
}
