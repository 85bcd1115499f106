import type { DownFrame, UpFrameInput } from '@roost/protocol';
import type { OpenSocket, SocketLike } from '../socket.ts';

/** One socket, seen from the far end. */
export class FakeSocket implements SocketLike {
  onopen: (() => void) | null = null;
  onmessage: ((event: { readonly data: unknown }) => void) | null = null;
  onclose: ((event: { readonly code: number }) => void) | null = null;
  onerror: (() => void) | null = null;
  readonly sent: UpFrameInput[] = [];
  /** The client has let go of it. */
  isClosed = false;
  isBroken = false;
  /** Told each frame the client sends. */
  onFrame: (frame: UpFrameInput) => void = () => {};

  constructor(
    readonly url: string,
    readonly protocol: string,
  ) {}

  send(text: string): void {
    if (this.isBroken) throw new Error('broken pipe');
    const frame = JSON.parse(text) as UpFrameInput;
    this.sent.push(frame);
    this.onFrame(frame);
  }

  close(): void {
    this.isClosed = true;
    if (this.isBroken) throw new Error('closed already');
  }

  open(): void {
    this.onopen?.();
  }

  receive(...frames: DownFrame[]): void {
    for (const frame of frames) this.onmessage?.({ data: JSON.stringify(frame) });
  }

  receiveRaw(data: unknown): void {
    this.onmessage?.({ data });
  }

  drop(code = 1006): void {
    this.onerror?.();
    this.onclose?.({ code });
  }

  /** Frames of one type, in the order in which they were sent. */
  sentOf<Type extends UpFrameInput['type']>(type: Type): Extract<UpFrameInput, { type: Type }>[] {
    return this.sent.filter((frame): frame is Extract<UpFrameInput, { type: Type }> => frame.type === type);
  }
}

/** Every socket a client has opened. */
export class FakeNetwork {
  readonly sockets: FakeSocket[] = [];
  /** What happens to a socket that is dialled. */
  dialled: (socket: FakeSocket) => void = () => {};

  readonly openSocket: OpenSocket = (url, protocol) => {
    const socket = new FakeSocket(url, protocol);
    this.sockets.push(socket);
    this.dialled(socket);
    return socket;
  };

  get last(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (!socket) throw new Error('No socket was opened.');
    return socket;
  }
}
