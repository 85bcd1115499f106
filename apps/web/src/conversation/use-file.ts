import { useCallback, useEffect, useState } from 'react';
import { filesOf } from '../message/message-files.ts';
import { useApi } from '../session/session-context.tsx';

export interface LoadedFile {
  /** An address within this page; null until it is loaded. */
  readonly url: string | null;
  readonly problem: string | null;
  readonly load: () => void;
}

/** A file of a message, fetched in this person's name and shown from memory. */
export function useFile(
  messageId: string,
  index: number | null,
  type: string,
  loadsByItself: boolean,
): LoadedFile {
  const api = useApi();
  const [isWanted, setWanted] = useState(loadsByItself);
  const [url, setUrl] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => setWanted((is) => is || loadsByItself), [loadsByItself]);
  useEffect(() => {
    if (!isWanted || index === null) return;
    let isOver = false;
    let made: string | null = null;
    filesOf(api, messageId)
      .attachment(index)
      .then((bytes) => {
        if (isOver) return;
        made = URL.createObjectURL(new Blob([bytes], { type }));
        setUrl(made);
      })
      .catch((error: Error) => !isOver && setProblem(error.message));
    return () => {
      isOver = true;
      if (made !== null) URL.revokeObjectURL(made);
    };
  }, [api, messageId, index, type, isWanted]);
  const load = useCallback(() => setWanted(true), []);
  return { url, problem, load };
}
