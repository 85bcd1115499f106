import type { FailureCode, Remedy } from '@roost/protocol';

/** The protocol's own codes, and what can go wrong on this side of the wire. */
export type ClientErrorCode =
  | FailureCode
  | 'connection.lost'
  | 'answer.late'
  | 'answer.malformed'
  | 'token.unavailable'
  | 'outbox.full';

/** The one kind of error this package gives to an app. `message` is a sentence for a person. */
export class ClientError extends Error {
  override readonly name = 'ClientError';

  constructor(
    readonly code: ClientErrorCode,
    /** What helps: `retry` later, `sign-in` again, `correct` the request, `resync` or `give-up`. */
    readonly remedy: Remedy,
    says: string,
    options?: ErrorOptions & { readonly about?: unknown },
  ) {
    super(says, options);
    const about = options?.about;
    this.about = typeof about === 'object' ? (about as Readonly<Record<string, unknown>> | null) : null;
  }

  /** What is needed to go on, such as what is new in a conversation; null where the sentence is all. */
  readonly about: Readonly<Record<string, unknown>> | null;
}

export const lost = (says: string, cause?: unknown) =>
  new ClientError('connection.lost', 'retry', says, { cause });
export const late = (says = 'The server did not answer in time.') =>
  new ClientError('answer.late', 'retry', says);
export const malformed = () =>
  new ClientError(
    'answer.malformed',
    'retry',
    'The server answered something this client does not understand.',
  );

/** Nothing came through; the request itself may have been fine. */
export function isOfTransport({ code }: ClientError): boolean {
  return code === 'connection.lost' || code === 'answer.late' || code === 'token.unavailable';
}
