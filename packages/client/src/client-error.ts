import { type FailureCode, failures, type Remedy } from '@roost/protocol';

/** What can go wrong on this side of the wire; everything else is a code of the protocol's own table. */
const local = {
  'connection.lost': 'retry',
  'answer.late': 'retry',
  'answer.malformed': 'retry',
  'token.unavailable': 'retry',
} as const satisfies Record<string, Remedy>;

export type ClientErrorCode = FailureCode | keyof typeof local;

/** The one kind of error this package gives to an app. `message` is a sentence for a person. */
export class ClientError extends Error {
  override readonly name = 'ClientError';
  /** What helps: `retry` later, `sign-in` again, `correct` the request, or `give-up`. */
  readonly remedy: Remedy;

  constructor(
    readonly code: ClientErrorCode,
    says: string,
    options?: ErrorOptions & { remedy?: Remedy },
  ) {
    super(says, options);
    this.remedy = options?.remedy ?? remedyOf(code);
  }
}

function remedyOf(code: ClientErrorCode): Remedy {
  return code in local
    ? local[code as keyof typeof local]
    : (failures[code as FailureCode]?.remedy ?? 'retry');
}

/** Nothing came through; the request itself may have been fine. */
export function isOfTransport({ code }: ClientError): boolean {
  return code === 'connection.lost' || code === 'answer.late' || code === 'token.unavailable';
}

/** An error somebody else raised, as ours: with its own words where it is one of the table's. */
export function asClientError(error: unknown, code: ClientErrorCode, says: string): ClientError {
  if (error instanceof ClientError) return error;
  return new ClientError(code, says, { cause: error });
}
