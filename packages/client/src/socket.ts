/** What the client uses of a WebSocket; the browser's fits, and so does that of `ws`. */
export interface SocketLike {
  onopen: (() => void) | null;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onclose: ((event: { readonly code: number }) => void) | null;
  onerror: (() => void) | null;
  send(text: string): void;
  close(code?: number): void;
}

/** Begins to open a socket. May throw, which counts as a failed attempt. */
export type OpenSocket = (url: string, protocol: string) => SocketLike;

export const openWebSocket: OpenSocket = (url, protocol) =>
  new WebSocket(url, protocol) as unknown as SocketLike;

/** `https://host/base` to `wss://host/base/api/v1/ws`. */
export function socketUrl(baseUrl: string): string {
  return `${baseUrl.replace(/^http/, 'ws')}/api/v1/ws`;
}

/**
 * Lets go of a socket. A closing socket may stay so for a minute and its close event carries nothing we need,
 * so nobody listens to it any more.
 */
export function drop(socket: SocketLike): void {
  socket.onopen = socket.onmessage = socket.onclose = null;
  // Node's `ws` raises errors without a listener as exceptions of the process.
  socket.onerror = () => {};
  try {
    socket.close(1000);
  } catch {
    // Not open yet, or closed already: gone either way.
  }
}
