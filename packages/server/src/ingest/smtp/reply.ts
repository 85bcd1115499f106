import { Failure, failures } from '@roost/protocol';

/** A refusal in the words of SMTP. The enhanced code that belongs to `responseCode` is put before by the server. */
export class SmtpRefusal extends Error {
  override readonly name = 'SmtpRefusal';
  constructor(
    readonly responseCode: 421 | 451 | 550 | 552 | 554,
    says: string,
    options?: ErrorOptions,
  ) {
    super(says, options);
  }
}

/** Nothing of the mail was kept; the sender comes again. */
export const TRY_LATER = 451;

/** What a sender is told: 5xx only for what is wrong with the mail, 4xx for all that is our fault. */
export function refusalFor(error: unknown): SmtpRefusal {
  if (error instanceof SmtpRefusal) return error;
  if (!(error instanceof Failure)) {
    return new SmtpRefusal(TRY_LATER, 'Something failed on our side; try later', { cause: error });
  }
  const { code, message } = error;
  if (code === 'address.unknown') return new SmtpRefusal(550, message, { cause: error });
  if (code === 'request.too_big') return new SmtpRefusal(552, message, { cause: error });
  if (code.startsWith('request.') && failures[code].remedy !== 'retry') {
    return new SmtpRefusal(554, message, { cause: error });
  }
  return new SmtpRefusal(TRY_LATER, message, { cause: error });
}
