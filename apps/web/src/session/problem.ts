import type { FailureCode, Problem } from '@roost/protocol';

/** What went wrong with a request: a code of the protocol's table, or that no answer of the server came at all. */
export type ProblemCode = FailureCode | 'server.away';

/** A request that failed. `message` is a sentence for the person. */
export class RequestProblem extends Error {
  override readonly name = 'RequestProblem';
  constructor(
    readonly code: ProblemCode,
    message: string,
    /** How long the server asks to wait; null when it did not say. */
    readonly retryAfterMs: number | null = null,
    options?: ErrorOptions & { readonly about?: Readonly<Record<string, unknown>> | undefined },
  ) {
    super(message, options);
    this.about = options?.about ?? null;
  }

  /** What the server tells besides, such as what is new in a conversation. */
  readonly about: Readonly<Record<string, unknown>> | null;
}

const AWAY = 'Roost cannot be reached right now.';

export function serverAway(cause?: unknown): RequestProblem {
  return new RequestProblem('server.away', AWAY, null, { cause });
}

/** Reads an answer that is not 2xx. A proxy in front of a stopped server answers in its own words: that is “away” too. */
export async function problemOf(response: Response): Promise<RequestProblem> {
  const told = await toldProblem(response);
  if (told === null) return serverAway(new Error(`${response.status} ${response.statusText}`));
  return new RequestProblem(told.code as FailureCode, told.detail || told.title, retryAfterMs(response), {
    about: told.about,
  });
}

async function toldProblem(response: Response): Promise<Problem | null> {
  if (!response.headers.get('content-type')?.includes('json')) return null;
  const body: unknown = await response.json().catch(() => null);
  if (typeof body !== 'object' || body === null || !('code' in body)) return null;
  return body as Problem;
}

function retryAfterMs(response: Response): number | null {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null;
}
