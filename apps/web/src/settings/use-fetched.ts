import { useCallback, useEffect, useState } from 'react';
import { useApi } from '../session/session-context.tsx';

/** What a route answers, as of when it was asked; `again` asks once more. */
export function useFetched<T>(path: string) {
  const api = useApi();
  const [answer, setAnswer] = useState<{ path: string; value: T } | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [round, setRound] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each round asks anew
  useEffect(() => {
    let isOver = false;
    api
      .read<T>(path)
      .then((value) => {
        if (isOver) return;
        setAnswer({ path, value });
        setProblem(null);
      })
      .catch((error: Error) => !isOver && setProblem(error.message));
    return () => {
      isOver = true;
    };
  }, [api, path, round]);
  const again = useCallback(() => setRound((is) => is + 1), []);
  return { value: answer?.path === path ? answer.value : null, problem, again };
}
