import type { ArchivedState } from '../domain/index.ts';

/** One mail of an archive, or what stands in its place. */
export interface ArchivedMail {
  /** Where the next one begins, to go on from there: bytes of an mbox, entries of the others. */
  readonly next: number;
  /** How people find it in the file. */
  readonly name: string;
  /** Null where it could not be had, and where mails are only counted. */
  readonly source: Buffer | null;
  readonly state: ArchivedState;
  readonly problem: string | null;
}

export interface ReadOptions {
  /** `next` of the last mail read before, or 0. */
  readonly from: number;
  /** A larger mail is left out, with a problem said. */
  readonly mailMaxBytes: number;
  /** Counts alone: no mail is read. */
  readonly countsOnly: boolean;
  readonly signal: AbortSignal;
}

export const PLAIN: ArchivedState = {
  folder: null,
  seen: false,
  flagged: false,
  answered: false,
  forwarded: false,
  draft: false,
  labels: [],
  to: null,
};

export function tooBig(bytes: number, mailMaxBytes: number): string {
  return `it is larger than the ${mailMaxBytes} bytes that a mail may have (at least ${bytes})`;
}
