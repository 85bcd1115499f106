import type { SearchHit } from '@roost/protocol';
import { useCallback, useEffect, useState } from 'react';
import { useApi } from '../session/session-context.tsx';
import { type Asked, searchPath } from './asked.ts';

interface Page {
  readonly rows: readonly SearchHit[];
  readonly next: string | null;
}

interface Found extends Page {
  readonly path: string;
}

/** What was found, page by page. While another answer is on its way, the last one stays. */
export function useSearch(asked: Asked) {
  const api = useApi();
  const path = searchPath(asked, null);
  const isAsked = (asked.q ?? '').trim() !== '';
  const [found, setFound] = useState<Found | null>(null);
  const [problem, setProblem] = useState<{ path: string; words: string } | null>(null);
  const [isFetchingMore, setFetchingMore] = useState(false);

  useEffect(() => {
    if (!isAsked) return;
    let isOver = false;
    api
      .read<Page>(path)
      .then((page) => !isOver && setFound({ ...page, path }))
      .catch((error: Error) => !isOver && setProblem({ path, words: error.message }));
    return () => {
      isOver = true;
    };
  }, [api, path, isAsked]);

  const fetchMore = useCallback(async () => {
    if (!found?.next) return;
    setFetchingMore(true);
    try {
      const page = await api.read<Page>(searchPath(asked, found.next));
      setFound((before) =>
        before?.path === found.path
          ? { ...page, path: before.path, rows: [...before.rows, ...page.rows] }
          : before,
      );
    } catch (error) {
      setProblem({ path, words: (error as Error).message });
    } finally {
      setFetchingMore(false);
    }
  }, [api, asked, found, path]);

  const isCurrent = found?.path === path;
  return {
    rows: isAsked ? (found?.rows ?? []) : [],
    hasMore: isCurrent && found?.next !== null,
    isSearching: isAsked && !isCurrent && problem?.path !== path,
    problem: problem?.path === path ? problem.words : null,
    isFetchingMore,
    fetchMore,
  };
}
