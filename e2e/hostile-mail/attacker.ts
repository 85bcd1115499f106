import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

/** A picture, for whoever asks for one. */
const GIF = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

/** Whoever would like to learn something: takes every connection and remembers it, and answers as pleasantly as it can. */
export interface Attacker {
  readonly port: number;
  /** Every connection, also one on which nothing was said. */
  connections(): number;
  /** First lines and headers of what was asked. */
  requests(): readonly string[];
  /** What stands at a path, in place of a picture. */
  serve(path: string, type: string, body: string): void;
  forget(): void;
  close(): Promise<void>;
}

export async function startAttacker(): Promise<Attacker> {
  let connections = 0;
  let requests: string[] = [];
  const pages = new Map<string, { type: string; body: string }>();
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    let said = '';
    socket.on('data', (piece) => {
      said += piece.toString('latin1');
      if (!said.includes('\r\n\r\n')) return;
      requests.push(said);
      const path = said.split(' ')[1] ?? '/';
      said = '';
      const page = pages.get(path);
      const body = page ? Buffer.from(page.body) : GIF;
      socket.end(
        Buffer.concat([
          Buffer.from(
            `HTTP/1.1 200 OK\r\nContent-Type: ${page?.type ?? 'image/gif'}\r\nContent-Length: ${body.length}\r\nAccess-Control-Allow-Origin: *\r\nSet-Cookie: track=1\r\nConnection: close\r\n\r\n`,
          ),
          body,
        ]),
      );
    });
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port');
  return {
    port: address.port,
    connections: () => connections,
    requests: () => requests,
    serve: (path, type, body) => void pages.set(path, { type, body }),
    forget() {
      connections = 0;
      requests = [];
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
