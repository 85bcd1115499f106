import type { Change } from '@roost/protocol';
import type { LogEntry } from '../commands/index.ts';

/** A log entry as fan-out works with it: read once, whoever it goes to. */
export interface Entry {
  readonly offset: number;
  /** ms since 1970. */
  readonly at: number;
  readonly changes: readonly Change[];
  /** Size of the written changes; bounds how many entries a node keeps at hand. */
  readonly bytes: number;
}

export function readEntry(entry: LogEntry): Entry {
  const { offset, at, changes } = entry;
  return { offset, at, changes: JSON.parse(changes), bytes: changes.length };
}
