import { Failure, failures } from '@roost/protocol';

/** Exit codes that mail servers know from sysexits.h, as far as they make a difference to them. */
export const sysexits = {
  ok: 0,
  /** The command was called wrongly; the mail goes back to its sender. */
  usage: 64,
  /** The mail itself cannot be taken. */
  data: 65,
  noUser: 67,
  /** Not now: the mail server keeps the mail and comes again. */
  temporary: 75,
} as const;

/**
 * The exit code that tells a mail server what to do with a mail that was handed in by a pipe.
 *
 * Whatever is not the sender's doing is temporary: a wrong token or a full disk must not send mail back. Of the codes
 * that sound so only 75 is: Postfix returns the mail on an I/O error (74) and on a wrong configuration (78).
 */
export function sysexitOf(error: unknown): number {
  if (!(error instanceof Failure)) return sysexits.temporary;
  if (error.code === 'address.unknown') return sysexits.noUser;
  if (error.code.startsWith('request.') && failures[error.code].remedy !== 'retry') return sysexits.data;
  return sysexits.temporary;
}
