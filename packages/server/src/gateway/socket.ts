import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { Failure, type FailureCode, failures, limits, SUBPROTOCOL } from '@roost/protocol';
import WebSocket, { WebSocketServer } from 'ws';
import type { Clock } from '../clock.ts';
import { errorText } from '../sync/index.ts';
import type { Connection } from './connection.ts';
import type { Gateway } from './gateway.ts';
import type { Wire } from './wire.ts';

/** The library's own bound lies above ours, so that ours can answer with a sentence. */
const PAYLOAD_MAX_BYTES = 4 * limits.FRAME_MAX_BYTES;
/** What leaves together and is no longer than this leaves as one piece. */
const JOINED_MAX_BYTES = 16 * 1024;
/** How long a closing socket may take to say goodbye. */
const CLOSE_DEADLINE_MS = 2_000;
/** A close frame holds 123 bytes of reason; some of our signs take three. */
const REASON_MAX_CHARS = 41;

export interface SocketSettings {
  readonly path: string;
  readonly isEnabled: boolean;
  /** Origins, besides the server's own host, whose pages may connect. */
  readonly allowedOrigins: readonly string[];
  readonly maxConnections: number;
}

/** Answers WebSocket upgrades on `server`. */
export function serveSockets(
  server: Server,
  gateway: Gateway,
  settings: SocketSettings,
  refused: (code: FailureCode) => void,
): void {
  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: PAYLOAD_MAX_BYTES,
    WebSocket: ClientSocket,
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  });
  server.on('upgrade', (request, socket: Duplex, head) => {
    const failure = refusal(request, settings, gateway.connectionCount);
    if (failure) {
      refused(failure.code);
      refuse(socket, failure);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      if (settings.isEnabled) accept(client as ClientSocket, socket, gateway);
      else sayDisabled(client);
    });
  });
}

/** Its connection hangs on the socket itself: one listener of each kind serves all sockets. */
class ClientSocket extends WebSocket {
  connection: Connection | null = null;
}

function refusal(
  request: IncomingMessage,
  settings: SocketSettings,
  connectionCount: number,
): Failure | null {
  if (new URL(request.url ?? '/', 'http://localhost').pathname !== settings.path)
    return new Failure('route.unknown');
  if (!isAllowedOrigin(request, settings.allowedOrigins)) return new Failure('request.wrong_origin');
  if (connectionCount >= settings.maxConnections) return new Failure('connection.too_many');
  return null;
}

/** Browsers always send an origin; programs may leave it out and have no cookies to abuse. */
function isAllowedOrigin(request: IncomingMessage, allowedOrigins: readonly string[]): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return true;
  if (allowedOrigins.includes(origin)) return true;
  return origin === `http://${host}` || origin === `https://${host}`;
}

function refuse(socket: Duplex, failure: Failure): void {
  const { http } = failures[failure.code];
  const body = JSON.stringify({
    type: 'about:blank',
    title: failure.code,
    status: http,
    code: failure.code,
    detail: failure.message,
  });
  socket.on('error', () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${http} Refused\r\nContent-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

function sayDisabled(client: WebSocket): void {
  client.on('error', () => client.terminate());
  const failure = new Failure('sockets.disabled');
  client.send(errorText(undefined, failure));
  client.close(failures['sockets.disabled'].close, failure.message);
}

function accept(client: ClientSocket, socket: Duplex, gateway: Gateway): void {
  client.connection = gateway.connect(new SocketWire(client, socket, gateway.clock));
  client.on('message', onMessage);
  client.on('close', onClose);
  client.on('error', onError);
  socket.on('drain', onDrain);
  socketOwners.set(socket, client);
}

const socketOwners = new WeakMap<Duplex, ClientSocket>();

function onMessage(this: WebSocket, data: WebSocket.RawData, isBinary: boolean): void {
  const { connection } = this as ClientSocket;
  if (isBinary) connection?.receiveBinary();
  else connection?.receive(data.toString());
}

function onClose(this: WebSocket, code: number): void {
  (this as ClientSocket).connection?.gone(code);
}

/** A frame the library itself refuses: too long, not UTF-8, against the RFC. It closes by itself; we count it. */
function onError(this: WebSocket, error: Error & { code?: string }): void {
  const { connection } = this as ClientSocket;
  if (error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') connection?.fail(new Failure('request.too_big'));
  else if (error.code?.startsWith('WS_ERR'))
    connection?.fail(new Failure('frame.malformed', 'The frame breaks the WebSocket rules.'));
}

function onDrain(this: Duplex): void {
  socketOwners.get(this)?.connection?.drained();
}

class SocketWire implements Wire {
  constructor(
    private readonly client: WebSocket,
    private readonly socket: Duplex,
    private readonly clock: Clock,
  ) {}

  get queuedBytes(): number {
    return this.socket.writableLength;
  }

  /** Past the library: the frames are framed already, and its sender would frame them once for every reader. */
  write(bytes: readonly Buffer[]): void {
    if (this.client.readyState !== WebSocket.OPEN || !this.socket.writable) return;
    if (bytes.length === 1) {
      this.socket.write(bytes[0]);
      return;
    }
    let length = 0;
    for (const part of bytes) length += part.length;
    // Copied is sooner done than handed over one by one.
    if (length <= JOINED_MAX_BYTES) {
      this.socket.write(Buffer.concat(bytes, length));
      return;
    }
    this.socket.cork();
    for (const part of bytes) this.socket.write(part);
    this.socket.uncork();
  }

  pause(): void {
    if (!this.client.isPaused) this.client.pause();
  }

  resume(): void {
    if (this.client.isPaused) this.client.resume();
  }

  async close(code: number, reason: string): Promise<void> {
    this.resume();
    if (this.client.readyState === WebSocket.CLOSED) return;
    const closed = new Promise((resolve) => this.client.once('close', resolve));
    this.client.close(code, reason.slice(0, REASON_MAX_CHARS));
    const cancel = this.clock.after(CLOSE_DEADLINE_MS, () => this.client.terminate());
    await closed;
    cancel();
  }
}
