import { Failure } from '@roost/protocol';

const FULL = new Set(['ENOSPC', 'EDQUOT']);

/** What a failed disk operation is told as; the operating system's error stays its cause. */
export function storeFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  return new Failure(FULL.has(errnoOf(error)) ? 'store.full' : 'store.unavailable', undefined, {
    cause: error,
  });
}

/** `ENOENT` and the like, or '' for an error that did not come from the operating system. */
export function errnoOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  return typeof code === 'string' ? code : '';
}
