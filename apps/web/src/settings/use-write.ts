import { useCallback } from 'react';
import { useApi } from '../session/session-context.tsx';
import { tell, tellProblem } from '../ui/toasts.tsx';

type Method = 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A write that says what became of it. @returns false when it failed, which has been told */
export function useWrite(): (
  method: Method,
  path: string,
  body?: unknown,
  says?: string,
) => Promise<boolean> {
  const api = useApi();
  return useCallback(
    async (method, path, body, says) => {
      try {
        await api.write(method, path, body);
        if (says !== undefined) tell(says);
        return true;
      } catch (error) {
        tellProblem((error as Error).message);
        return false;
      }
    },
    [api],
  );
}
