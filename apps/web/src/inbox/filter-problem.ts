import { Failure, parseAddressFilter } from '@roost/protocol';

/** Why this filter cannot be used, as the server would say it; null when it can. */
export function filterProblem(filter: string): string | null {
  try {
    parseAddressFilter(filter);
    return null;
  } catch (error) {
    if (error instanceof Failure) return error.message;
    throw error;
  }
}

/** Whether all rows have the same recipient, so that a column of recipients would say nothing. */
export function namesOneAddress(filter: string): boolean {
  return filter.includes('@') && !filter.includes('*');
}
