import { useCallback, useState } from 'react';

interface Growing {
  readonly hasMore: boolean;
  readonly isFetchingMore: boolean;
  readonly fetchMore: () => Promise<void>;
}

/** Fetches the page below, one at a time; after a failure only when asked. */
export function useOlderRows({ hasMore, isFetchingMore, fetchMore }: Growing) {
  const [problem, setProblem] = useState<string | null>(null);
  const retry = useCallback(() => {
    setProblem(null);
    fetchMore().catch((error: unknown) => setProblem(error instanceof Error ? error.message : String(error)));
  }, [fetchMore]);
  const fetch = useCallback(() => {
    if (hasMore && !isFetchingMore && problem === null) retry();
  }, [hasMore, isFetchingMore, problem, retry]);
  return { problem, fetch, retry };
}
