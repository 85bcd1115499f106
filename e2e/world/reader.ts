import { once } from 'node:events';
import WebSocket from 'ws';
import { until } from './until.ts';

export interface Frame {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** A client of the bare protocol, as a stranger would write it from docs/protocol.md. */
export interface Reader {
  readonly socket: WebSocket;
  readonly frames: readonly Frame[];
  send(frame: object): void;
  /** The first frame that fits, past or to come. */
  frame(fits: (frame: Frame) => boolean): Promise<Frame>;
  /** Subjects that reached the `inbox` channel, in the order they came: snapshot first (oldest first), then deltas. */
  subjects(): string[];
  closed(): Promise<number>;
}

export async function openReader(
  url: string,
  hello: { token?: string; cursor?: string; subscriptions?: object[] } | null,
  options: WebSocket.ClientOptions = {},
): Promise<Reader> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api/v1/ws`, 'roost.v1', options);
  const frames: Frame[] = [];
  let closeCode: number | null = null;
  socket.on('message', (text) => {
    const frame = JSON.parse(text.toString()) as Frame;
    frames.push(frame);
    if (frame.type === 'ping') socket.send('{"type":"pong"}');
  });
  socket.on('close', (code) => {
    closeCode = code;
  });
  await once(socket, 'open');
  const reader: Reader = {
    socket,
    frames,
    send: (frame) => socket.send(JSON.stringify(frame)),
    async frame(fits) {
      await until('the frame came', () => frames.some(fits) || closeCode !== null);
      const found = frames.find(fits);
      if (!found)
        throw new Error(`Closed with ${closeCode} before the frame came: ${JSON.stringify(frames.at(-1))}`);
      return found;
    },
    subjects() {
      const rows = frames.flatMap((frame) => {
        if (frame.channel !== 'inbox') return [];
        if (frame.type === 'snapshot') return [...(frame.rows as { subject: string }[])].reverse();
        return frame.type === 'delta' ? (frame.added as { subject: string }[]) : [];
      });
      return rows.map(({ subject }) => subject);
    },
    async closed() {
      await until('the socket is closed', () => closeCode !== null);
      return closeCode as number;
    },
  };
  if (hello) {
    reader.send({
      type: 'hello',
      subscriptions: [{ id: 's1', channel: 'inbox', params: { limit: 200 } }],
      ...hello,
    });
    await reader.frame(({ type }) => type === 'connected' || type === 'error');
  }
  return reader;
}
