import { problemOf, serverAway } from './problem.ts';

/** How much of a file has left, 0 to 1. */
export type Progress = (part: number) => void;

/**
 * Sends a file in the body of a POST. By XMLHttpRequest, for fetch does not tell how far it has got.
 *
 * @throws RequestProblem; what `signal` was aborted with
 */
export function sendFile<T>(
  path: string,
  token: string,
  file: Blob,
  progress: Progress,
  signal: AbortSignal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    signal.addEventListener('abort', abort, { once: true });
    request.open('POST', path);
    request.responseType = 'text';
    request.setRequestHeader('authorization', `Bearer ${token}`);
    request.setRequestHeader('content-type', file.type || 'application/octet-stream');
    request.upload.onprogress = ({ loaded, total }) => progress(total > 0 ? loaded / total : 0);
    request.onerror = () => reject(serverAway());
    request.onabort = () => reject(signal.reason);
    request.onloadend = () => signal.removeEventListener('abort', abort);
    request.onload = () => {
      answerOf<T>(request).then(resolve, reject);
    };
    request.send(file);
  });
}

/** @throws RequestProblem */
async function answerOf<T>({ status, responseText }: XMLHttpRequest): Promise<T> {
  if (status >= 200 && status < 300) return JSON.parse(responseText) as T;
  const type = { 'content-type': 'application/problem+json' };
  throw await problemOf(new Response(responseText, { status, headers: type }));
}
