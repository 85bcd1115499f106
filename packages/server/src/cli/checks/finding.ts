/** What a check found out, in words. Only `fail` keeps the server from doing its work. */
export interface Finding {
  readonly state: 'ok' | 'warn' | 'fail';
  readonly what: string;
  readonly says: string;
}

/** Runs a check that may take no longer than `ms`; what it throws is its finding. */
export async function within(ms: number, what: string, check: () => Promise<Finding>): Promise<Finding> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Finding>((resolve) => {
    timer = setTimeout(() => resolve({ state: 'fail', what, says: `No answer within ${ms / 1000} s.` }), ms);
  });
  try {
    return await Promise.race([check(), late]);
  } catch (error) {
    return { state: 'fail', what, says: `${sentenceOf(error)}.` };
  } finally {
    clearTimeout(timer);
  }
}

function sentenceOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return sentenceOf(error.errors[0]);
  return (error instanceof Error ? error.message : String(error)).replace(/[.\s]+$/, '');
}
