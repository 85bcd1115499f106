import { RequestProblem } from './problem.ts';
import { asJson, type Fetch, request } from './request.ts';
import { type Progress, sendFile } from './send-file.ts';

export type GetToken = (reason: 'start' | 'expired') => Promise<string>;

/** Requests to our server in the name of who is signed in. All throw RequestProblem. */
export class Api {
  constructor(
    private readonly fetch: Fetch,
    private readonly getToken: GetToken,
  ) {}

  /** The answer as it came, always 2xx. A token that ran out on its way is renewed once. */
  async get(path: string): Promise<Response> {
    return this.send(path, {});
  }

  async post(path: string, body: unknown): Promise<Response> {
    return this.send(path, asJson('POST', body));
  }

  /** A write. @returns what the server answered; undefined where it answers nothing */
  async write<T = unknown>(
    method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
  ): Promise<T> {
    const answer = await this.send(path, body === undefined ? { method } : asJson(method, body));
    return (answer.status === 204 ? undefined : await answer.json()) as T;
  }

  /** JSON. */
  async read<T>(path: string): Promise<T> {
    return (await this.get(path)).json() as Promise<T>;
  }

  /** A file as it is, with word of how far it has got. @returns what the server answered */
  async upload<T>(path: string, file: Blob, progress: Progress, signal: AbortSignal): Promise<T> {
    return sendFile<T>(path, await this.getToken('start'), file, progress, signal);
  }

  private async send(path: string, init: RequestInit): Promise<Response> {
    try {
      return await this.sendOnce(path, init, 'start');
    } catch (error) {
      if (error instanceof RequestProblem && error.code === 'token.invalid')
        return this.sendOnce(path, init, 'expired');
      throw error;
    }
  }

  private async sendOnce(path: string, init: RequestInit, reason: 'start' | 'expired'): Promise<Response> {
    const token = await this.getToken(reason);
    return request(this.fetch, path, {
      ...init,
      headers: { ...(init.headers as Record<string, string>), authorization: `Bearer ${token}` },
    });
  }
}
