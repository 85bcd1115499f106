import { systemClock } from '@roost/client';
import { problemOf, serverAway } from './problem.ts';

/** Longest wait for the head of an answer. Bodies, which may be large, are read without a deadline. */
const ANSWER_DEADLINE_MS = 15_000;

export type Fetch = (path: string, init?: RequestInit) => Promise<Response>;

/**
 * One request to our own server.
 *
 * @returns the answer, always 2xx
 * @throws RequestProblem
 */
export async function request(fetch: Fetch, path: string, init: RequestInit = {}): Promise<Response> {
  const late = new AbortController();
  const met = systemClock.after(ANSWER_DEADLINE_MS, () => late.abort());
  let response: Response;
  try {
    response = await fetch(path, { ...init, signal: late.signal });
  } catch (error) {
    throw serverAway(error);
  } finally {
    met();
  }
  if (!response.ok) throw await problemOf(response);
  return response;
}

/** A request with a JSON body. */
export function asJson(method: string, body: unknown): RequestInit {
  return { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
