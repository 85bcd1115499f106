import { useCallback, useState } from 'react';

/** Something a button starts: whether it runs, and the sentence it failed with. Started again only once it has ended. */
export function useAction(act: () => Promise<unknown>) {
  const [isRunning, setRunning] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const run = useCallback(async () => {
    setRunning(true);
    setProblem(null);
    try {
      await act();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    } finally {
      setRunning(false);
    }
  }, [act]);
  return { run, isRunning, problem };
}
