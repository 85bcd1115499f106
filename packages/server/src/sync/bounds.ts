import { limits } from '@roost/protocol';

/** What a node keeps at hand of one organisation's log, so that readers who were away briefly cost no read of the store. */
export interface Bounds {
  readonly recentMaxEntries: number;
  readonly recentMaxBytes: number;
  /** Past this many entries a snapshot costs less than a delta. */
  readonly catchUpMaxEntries: number;
}

export const DEFAULT_BOUNDS: Bounds = {
  recentMaxEntries: 5_000,
  recentMaxBytes: 16 << 20,
  catchUpMaxEntries: limits.CATCH_UP_MAX_ENTRIES,
};
