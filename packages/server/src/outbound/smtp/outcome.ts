import type { NodemailerError } from 'nodemailer';
import { refusalInWords } from '../../mail-refusal.ts';
import type { Sent } from '../transport.ts';

/** How much of a mail had been handed over when an attempt ended. */
export type Progress = 'nothing' | 'some' | 'whole';

/**
 * What a failed attempt means. The server's word counts where there is one. Without, a mail that was not handed over
 * with its end was not taken (RFC 5321, 4.1.1.4), and of one that was nobody knows.
 */
export function outcomeOf(error: NodemailerError, progress: Progress): Sent {
  const { responseCode, response = '', code, command = '' } = error;
  if (code === 'ETLS' || code === 'EREQUIRETLS') return later(NOT_ENCRYPTED);
  if (responseCode !== undefined && responseCode >= 400) return answered(error, responseCode, response);
  if (code === 'ESTREAM' && isGone(error)) {
    return { kind: 'failed', says: 'An attachment of this message is not on the server any more.' };
  }
  if (progress === 'whole') return { kind: 'unknown', says: CUT_OFF };
  // Refused by ourselves, before anything was said: no recipients, too large for what the server announced.
  if (code === 'EENVELOPE' && command === 'API')
    return { kind: 'failed', says: 'An address cannot be used.' };
  if (code === 'EMESSAGE') {
    return { kind: 'failed', says: 'The message is larger than the mail server accepts.' };
  }
  return later(troubleInWords(error));
}

const NOT_ENCRYPTED = 'No encrypted connection to the mail server could be made.';

export const CUT_OFF =
  'The connection ended after the mail was handed over and before the mail server confirmed it. It may or may not ' +
  'have been sent: check, then send again or mark as sent.';

/** RFC 4954, 6: authentication required, mechanism too weak, credentials invalid, encryption required. */
const SIGN_IN_CODES: ReadonlySet<number> = new Set([530, 534, 535, 538]);

function answered(error: NodemailerError, responseCode: number, response: string): Sent {
  // What is wrong with our sign-in says nothing about the message.
  if (error.code === 'EAUTH' || SIGN_IN_CODES.has(responseCode)) {
    return later(`The mail server does not let us sign in: ${refusalInWords(response)}.`);
  }
  if (error.code === 'EPROTOCOL')
    return later(`The mail server does not talk to us: ${refusalInWords(response)}.`);
  // 503: the session was in the wrong state for the command; another session may do.
  const isForGood = responseCode >= 500 && responseCode !== 503;
  if (!isForGood) return later(`The mail server asks us to come again: ${refusalInWords(response)}.`);
  const whom = recipientsOf(error);
  return {
    kind: 'failed',
    says: `The mail was refused${whom === '' ? '' : ` for ${whom}`}: ${refusalInWords(response)}.`,
  };
}

const NAMED_MAX = 5;

/** Those who were refused, when it was about them and not about the mail. */
export function recipientsOf(error: Pick<NodemailerError, 'rejected'>): string {
  return (error.rejected ?? []).slice(0, NAMED_MAX).join(', ');
}

function isGone(error: NodemailerError): boolean {
  return error.originalCode === 'ENOENT';
}

function troubleInWords(error: NodemailerError): string {
  switch (error.code) {
    case 'EDNS':
      return 'The mail server’s name could not be found.';
    case 'ETIMEDOUT':
      return 'The mail server did not answer in time.';
    case 'EABORT':
      return 'Handing it to the mail server took too long.';
    case 'EAUTH':
    case 'ENOAUTH':
      return 'The mail server offers no way of signing in that we know.';
    case 'ESTREAM':
      return 'An attachment could not be read.';
    default:
      if (/CERT|SSL|TLS/.test(error.originalCode ?? '')) return NOT_ENCRYPTED;
      return error.originalCode === 'ECONNREFUSED'
        ? 'The mail server cannot be reached: nothing answers there.'
        : 'The connection to the mail server failed.';
  }
}

function later(says: string): Sent {
  return { kind: 'later', after_ms: null, says };
}
