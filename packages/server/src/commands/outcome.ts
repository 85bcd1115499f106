import { Failure, type FailureCode } from '@roost/protocol';
import type { z } from 'zod';

/** A failure as plain data, as it crosses from one thread to another. */
export interface ToldFailure {
  readonly ok: false;
  readonly code: FailureCode;
  readonly says: string;
  readonly about?: Readonly<Record<string, unknown>>;
  readonly detail?: string;
}

/** @throws request.invalid  naming the first thing that is wrong, and where */
export function readInput<I>(schema: z.ZodType<I>, input: unknown): I {
  const read = schema.safeParse(input);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  const where = issue && issue.path.length > 0 ? `“${issue.path.join('.')}”: ` : '';
  throw new Failure('request.invalid', `${where}${issue?.message ?? 'The request is not valid.'}`);
}

/** What a caller is told of an error. An unexpected one is wrapped here, once; `detail` is for the log only. */
export function toldFailure(error: unknown): ToldFailure {
  if (error instanceof Failure) {
    const cause = error.cause === undefined ? {} : { detail: describe(error.cause) };
    const about = error.about === null ? {} : { about: error.about };
    return { ok: false, code: error.code, says: error.message, ...about, ...cause };
  }
  const failure = new Failure('server.failed');
  return { ok: false, code: failure.code, says: failure.message, detail: describe(error) };
}

/** The machine failed us, not the call: nothing of its transaction holds. */
export function isStoreFailure(error: unknown): boolean {
  return error instanceof Failure && error.code.startsWith('store.');
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\ncaused by ${describe(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
