import type { SocketLike } from '@roost/client';
import { limits } from '@roost/protocol';
import type { Random } from '../clock.ts';
import type { Connection } from '../gateway/connection.ts';
import type { Wire } from '../gateway/index.ts';
import { readFrames } from '../gateway/testing/frames.ts';
import { between } from './chance.ts';
import type { Node } from './node.ts';
import type { Path } from './path.ts';
import type { ProcessTime } from './time.ts';

/** A queue of this many bytes counts as the server's bound, so that a few frames make a reader slow. */
export const QUEUE_SMALL_BYTES = 2_500;
const SCALE = limits.SEND_QUEUE_HIGH_BYTES / QUEUE_SMALL_BYTES;
/** A slow reader takes one frame in this time. */
const TRICKLE_MS = 400;
/** How long a server waits for the other side's goodbye. */
const CLOSE_DEADLINE_MS = 2_000;
const LOST = 1006;

interface Ends {
  readonly path: Path;
  readonly random: Random;
  readonly client: ProcessTime;
  readonly server: ProcessTime;
  readonly node: Node | null;
  /** Takes the connection when it arrives there; null when nobody listens. */
  accept(wire: Wire): Connection | null;
  /** Hears what cursor the client said hello with. */
  greeted(cursor: string | null | undefined): void;
  /** Hears of every frame that a server writes, and how much waited before it did. */
  wrote(text: string, queuedBytes: number): void;
}

/** One TCP connection with its WebSocket: what is sent arrives in order, late, or not at all. */
export class Line implements SocketLike {
  onopen: (() => void) | null = null;
  onmessage: ((event: { readonly data: unknown }) => void) | null = null;
  onclose: ((event: { readonly code: number }) => void) | null = null;
  onerror: (() => void) | null = null;

  /** The same connection arrived a second time: nobody listens there, and it says nothing but hello. */
  double: Line | null = null;
  isDouble = false;
  /** What the client said hello with; null before it did. */
  token: string | null = null;
  /** The server's end. */
  readonly wire: Wire;
  private connection: Connection | null = null;
  /** Nothing new enters; what is on its way may still arrive. */
  private isCut = false;
  /** Bytes vanish, and nobody is told. */
  private isHalfOpen = false;
  clientIsGone = false;
  private serverIsGone = false;
  private isPaused = false;
  private readonly unread: string[] = [];
  private unsent: { text: string; bytes: number }[] = [];
  private unsentBytes = 0;
  private goodbye: { code: number; done: () => void } | null = null;
  private downFreeAt = 0;
  private upFreeAt = 0;
  private isTrickling = false;
  /** The network did not take everything at once, and will say when it has. */
  private isFull = false;

  constructor(private readonly ends: Ends) {
    const queued = () => this.unsentBytes * SCALE;
    this.wire = {
      get queuedBytes() {
        return queued();
      },
      write: (bytes) => this.write(bytes),
      pause: () => {
        this.isPaused = true;
      },
      resume: () => this.resume(),
      close: (code) => this.sayGoodbye(code),
    };
  }

  get node(): Node | null {
    return this.ends.node;
  }

  get isOver(): boolean {
    return this.clientIsGone && this.serverIsGone;
  }

  get isOpen(): boolean {
    return !this.clientIsGone && !this.serverIsGone && !this.isCut && !this.isHalfOpen;
  }

  /** Nothing that anybody waits for is on its way, in either direction. */
  get isIdle(): boolean {
    if (!this.isOpen || this.isDouble) return true;
    // The server is about to tell all of it anew.
    if (this.connection?.isReopening || this.connection?.isCatchingUp) return false;
    const now = this.ends.client.now();
    return this.isSent && this.unread.length === 0 && this.downFreeAt <= now && this.upFreeAt <= now;
  }

  dial(): void {
    const { path, server } = this.ends;
    if (path.sockets === 'swallowed') return;
    if (path.isDown || path.sockets === 'refused') this.refuse();
    else server.after(path.delayMs(), () => this.arrive());
  }

  private arrive(): void {
    const { path, client } = this.ends;
    if (this.clientIsGone || path.isDown) return;
    this.connection = this.ends.accept(this.wire);
    if (!this.connection) {
      this.refuse();
      return;
    }
    this.read();
    client.after(path.delayMs(), () => {
      if (!this.clientIsGone && !this.isHalfOpen) this.onopen?.();
    });
  }

  // The client's end

  send(text: string): void {
    if (this.clientIsGone || this.isCut || this.isHalfOpen) return;
    if (this.token === null) this.greet(JSON.parse(text) as { token?: string; cursor?: string | null });
    this.double?.send(text);
    this.double = null;
    const now = this.ends.client.now();
    this.upFreeAt = Math.max(this.upFreeAt, now + this.ends.path.delayMs());
    this.ends.server.after(this.upFreeAt - now, () => {
      if (this.serverIsGone || this.isHalfOpen) return;
      this.unread.push(text);
      this.read();
    });
  }

  private greet({ token, cursor }: { token?: string; cursor?: string | null }): void {
    this.token = token ?? null;
    this.ends.greeted(cursor);
  }

  close(): void {
    if (this.clientIsGone) return;
    this.clientIsGone = true;
    if (this.isHalfOpen || this.isCut) return;
    this.ends.server.after(this.ends.path.delayMs(), () => this.endServer(1005));
  }

  // The server's end

  private write(bytes: readonly Buffer[]): void {
    if (this.serverIsGone || this.isCut) return;
    const { unsentBytes } = this;
    for (const frame of bytes.flatMap(readFrames)) {
      this.ends.wrote(frame.text, unsentBytes);
      this.unsent.push(frame);
      this.unsentBytes += frame.bytes;
    }
    this.pump();
    this.isFull = this.unsent.length > 0;
  }

  private resume(): void {
    this.isPaused = false;
    // Not at once: a socket emits what it holds in a later turn.
    this.ends.server.after(0, () => this.read());
  }

  private sayGoodbye(code: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.ends.server.after(CLOSE_DEADLINE_MS, () => this.drop());
      const done = () => {
        cancel();
        resolve();
      };
      this.goodbye = { code, done };
      this.pump();
    });
  }

  // What goes wrong

  /** The connection breaks; each end hears of it in its own time, and what is under way may still arrive. */
  cut(): void {
    if (this.isCut) return;
    this.isCut = true;
    const { random, client, server } = this.ends;
    client.after(between(random, 0, 40), () => this.endClient(LOST));
    server.after(between(random, 0, 40), () => this.endServer(LOST));
  }

  /** Nothing passes any more, in either direction, and nobody is told. */
  halfOpen(): void {
    this.isHalfOpen = true;
  }

  /** The server's process is gone: its kernel says so to the client. */
  severed(): void {
    this.serverIsGone = true;
    const { client, path } = this.ends;
    if (!this.isHalfOpen && !path.isDown) client.after(path.delayMs(), () => this.endClient(LOST));
  }

  /** Sends on what waits, as far as the reader takes it. */
  pump(): void {
    const { client, path, server } = this.ends;
    if (this.isHalfOpen || this.isCut || this.serverIsGone || client.frozen) return;
    if (path.isSlow) {
      if (this.isTrickling || this.isSent) return;
      this.isTrickling = true;
      server.after(TRICKLE_MS, () => {
        this.isTrickling = false;
        this.take(1);
        this.pump();
      });
    } else this.take(this.unsent.length);
  }

  private get isSent(): boolean {
    return this.unsent.length === 0 && this.goodbye === null;
  }

  private take(count: number): void {
    const { client, path, server } = this.ends;
    const now = server.now();
    for (const { text, bytes } of this.unsent.splice(0, count)) {
      this.unsentBytes -= bytes;
      this.downFreeAt = Math.max(this.downFreeAt, now + path.delayMs()) + path.jitterMs();
      client.after(this.downFreeAt - now, () => {
        if (!this.clientIsGone && !this.isHalfOpen) this.onmessage?.({ data: text });
      });
    }
    if (this.unsent.length > 0) return;
    const { goodbye } = this;
    if (goodbye) {
      this.goodbye = null;
      this.downFreeAt = Math.max(this.downFreeAt, now + path.delayMs());
      client.after(this.downFreeAt - now, () => {
        if (!this.isHalfOpen) this.endClient(goodbye.code);
      });
      server.after(this.downFreeAt - now + path.delayMs(), () => {
        this.serverIsGone = true;
        goodbye.done();
      });
    } else if (this.isFull) {
      this.isFull = false;
      server.after(0, () => this.connection?.drained());
    }
  }

  private read(): void {
    while (this.connection && !this.isPaused && this.unread.length > 0)
      this.connection.receive(this.unread.shift() as string);
  }

  private refuse(): void {
    const { client, path } = this.ends;
    client.after(path.delayMs(), () => {
      this.onerror?.();
      this.endClient(LOST);
    });
  }

  /** By force: the other side did not take our goodbye. */
  private drop(): void {
    this.goodbye?.done();
    this.goodbye = null;
    this.severed();
  }

  private endClient(code: number): void {
    if (this.clientIsGone) return;
    this.clientIsGone = true;
    this.onclose?.({ code });
  }

  private endServer(code: number): void {
    if (this.serverIsGone) return;
    this.serverIsGone = true;
    this.goodbye?.done();
    this.connection?.gone(code);
  }
}
