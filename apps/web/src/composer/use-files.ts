import { useCallback, useEffect, useRef, useState } from 'react';
import type { Api } from '../session/api.ts';
import { useApi } from '../session/session-context.tsx';

/** A file on its way ahead of the message that is to carry it. */
export interface AttachedFile {
  readonly key: number;
  readonly name: string;
  readonly sizeBytes: number;
  /** 0 to 1 */
  readonly progress: number;
  /** Null while it is on its way. */
  readonly uploadId: string | null;
  readonly problem: string | null;
}

/** As many as one message takes. */
const FILES_MAX = 10;

/** Files that go with the next message; each is uploaded as soon as it is named. */
export function useFiles() {
  const api = useApi();
  const [files, setFiles] = useState<readonly AttachedFile[]>([]);
  const ends = useRef(new Map<number, AbortController>());
  const count = useRef(0);

  const put = useCallback((key: number, change: Partial<AttachedFile>) => {
    setFiles((all) => all.map((file) => (file.key === key ? { ...file, ...change } : file)));
  }, []);

  const add = useCallback(
    (named: readonly File[]) => {
      for (const file of named) {
        count.current += 1;
        const key = count.current;
        const end = new AbortController();
        ends.current.set(key, end);
        const fresh = {
          key,
          name: file.name || 'file',
          sizeBytes: file.size,
          progress: 0,
          uploadId: null,
          problem: null,
        };
        setFiles((all) => (all.length < FILES_MAX ? [...all, fresh] : all));
        upload(api, file, fresh.name, (progress) => put(key, { progress }), end.signal).then(
          (uploadId) => put(key, { uploadId, progress: 1 }),
          (error: Error) => put(key, { problem: error.message }),
        );
      }
    },
    [api, put],
  );

  const remove = useCallback((key: number) => {
    ends.current.get(key)?.abort(new Error('Taken away.'));
    ends.current.delete(key);
    setFiles((all) => all.filter((file) => file.key !== key));
  }, []);

  const clear = useCallback(() => {
    ends.current.clear();
    setFiles([]);
  }, []);

  useEffect(() => {
    const all = ends.current;
    return () => {
      for (const end of all.values()) end.abort(new Error('Left.'));
    };
  }, []);

  return { files, add, remove, clear };
}

async function upload(
  api: Api,
  file: File,
  name: string,
  progress: (part: number) => void,
  signal: AbortSignal,
): Promise<string> {
  const path = `/api/v1/uploads?filename=${encodeURIComponent(name)}`;
  return (await api.upload<{ upload_id: string }>(path, file, progress, signal)).upload_id;
}
