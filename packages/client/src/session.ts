import {
  type Cursor,
  type DownFrame,
  parseCursor,
  remedyOfClose,
  SUBPROTOCOL,
  type UpFrameInput,
} from '@roost/protocol';
import type { ClientError } from './client-error.ts';
import type { Clock, Random } from './clock.ts';
import { Cuts } from './cuts.ts';
import { parseFrame, type UnknownFrame } from './parse.ts';
import { keepFresh } from './renewal.ts';
import { drop, type OpenSocket, type SocketLike } from './socket.ts';
import type { Token, TokenKeeper } from './token.ts';

type Frame<Type extends DownFrame['type']> = Extract<DownFrame, { type: Type }>;

/** How a connection ended, and with it what to do. `why` is a sentence for a person. */
export type Ending =
  /** Try again later. */
  | { readonly kind: 'lost'; readonly why: string }
  /** The server said when to come back. */
  | { readonly kind: 'drained'; readonly delayMs: number; readonly why: string }
  /** The server does not take this token. */
  | { readonly kind: 'refused'; readonly token: Token; readonly why: string }
  | { readonly kind: 'sockets-off'; readonly why: string }
  /** Do not come back. */
  | { readonly kind: 'stop'; readonly why: string };

/** Told in the order of the wire; nothing after `ended`, and nothing after `end()` was called. */
export interface SessionEvents {
  opened(): void;
  welcomed(who: { readonly userId: string; readonly orgId: string }): void;
  /** What answers the hello, all of it; from here on everything in the hello is current as of `cursor`. */
  caughtUp(userId: string, cursor: Cursor, frames: readonly (DownFrame | UnknownFrame)[]): void;
  /** Frames of one moment after that. */
  cut(frames: readonly (DownFrame | UnknownFrame)[]): void;
  /** Any sign of life. */
  heard(): void;
  ended(ending: Ending): void;
}

interface Needs {
  readonly url: string;
  readonly openSocket: OpenSocket;
  readonly tokens: TokenKeeper;
  readonly clock: Clock;
  readonly random: Random;
  readonly connectDeadlineMs: number;
  hello(token: string): UpFrameInput;
}

/** The frame that shows a fresh token. */
const AUTH_ID = 'auth';
/** However a server words it, nobody waits longer than this because of a drain. */
const DRAIN_DELAY_MAX_MS = 300_000;

/** One connection, from the token to its end. */
export class Session {
  private socket: SocketLike | null = null;
  private token: Token | null = null;
  private isOver = false;
  private cancelDeadline = () => {};
  private endRenewal = () => {};
  private returnAt: number | null = null;
  private complaint: string | null = null;
  /** Null until the hello is answered. */
  private cuts: Cuts<DownFrame | UnknownFrame> | null = null;

  constructor(
    private readonly needs: Needs,
    private readonly events: SessionEvents,
  ) {}

  async start(): Promise<void> {
    try {
      this.token = await this.needs.tokens.ask();
    } catch (error) {
      const { remedy, message } = error as ClientError;
      this.finish({ kind: remedy === 'sign-in' ? 'stop' : 'lost', why: message });
      return;
    }
    if (!this.isOver) this.dial(this.token);
  }

  send(frame: UpFrameInput): void {
    try {
      this.socket?.send(JSON.stringify(frame));
    } catch {
      this.fail('The connection broke.');
    }
  }

  /** It does not do what it should. */
  fail(why: string): void {
    this.finish({ kind: 'lost', why });
  }

  /** The server does not take its token, or no longer. */
  refused(why: string): void {
    if (this.token) this.finish({ kind: 'refused', token: this.token, why });
  }

  /** Lets go of the socket; nothing more is told. */
  end(): void {
    this.isOver = true;
    this.cancelDeadline();
    this.endRenewal();
    if (this.socket) drop(this.socket);
    this.socket = null;
  }

  private dial(token: Token): void {
    const { clock, connectDeadlineMs, openSocket, url } = this.needs;
    const late = () => this.fail('The server did not answer in time.');
    this.cancelDeadline = clock.after(connectDeadlineMs, late);
    try {
      const socket = openSocket(url, SUBPROTOCOL);
      this.socket = socket;
      socket.onopen = () => {
        this.send(this.needs.hello(token.text));
        if (!this.isOver) this.events.opened();
      };
      socket.onmessage = ({ data }) => this.receive(data);
      socket.onclose = ({ code }) => this.closed(code);
      socket.onerror = () => {}; // a close follows, and says more
    } catch {
      this.fail('No socket could be opened.');
    }
  }

  private receive(data: unknown): void {
    if (this.isOver) return;
    const frame = parseFrame(data);
    if (frame === null) {
      this.fail('The server sent something unreadable.');
      return;
    }
    this.events.heard();
    // What explains a close comes straight before it.
    this.complaint = null;
    switch (frame.type) {
      case 'connected':
        this.welcome(frame);
        return;
      case 'batch':
        this.cuts?.begin(frame.frames);
        return;
      case 'ping':
        this.send({ type: 'pong' });
        break;
      case 'drain':
        this.returnAt = this.needs.clock.now() + Math.min(frame.retry_after_ms, DRAIN_DELAY_MAX_MS);
        break;
      case 'error':
        this.complain(frame);
        break;
    }
    if (!this.isOver) this.cuts?.add(frame);
  }

  private welcome(frame: Frame<'connected'>): void {
    const cursor = parseCursor(frame.cursor);
    if (this.cuts || cursor === null) {
      this.fail('The server answered our hello with something unreadable.');
      return;
    }
    this.cancelDeadline();
    this.needs.tokens.accepted();
    this.renewToken();
    this.cuts = new Cuts(
      (opening) => {
        if (!this.isOver) this.events.caughtUp(frame.user_id, cursor, opening);
      },
      (frames) => {
        if (!this.isOver) this.events.cut(frames);
      },
    );
    this.events.welcomed({ userId: frame.user_id, orgId: frame.org_id });
    this.cuts.begin(frame.frames);
  }

  /** The connection goes on as the token ages. Where that fails, another connection is begun. */
  private renewToken(): void {
    const { tokens, clock, random } = this.needs;
    this.endRenewal = keepFresh(this.token as Token, {
      clock,
      random,
      renew: () => tokens.renew(),
      show: (token) => {
        this.token = token;
        this.send({ type: 'auth', id: AUTH_ID, token: token.text });
      },
    });
  }

  /** An error about the connection itself, as far as it does not wait for the close that follows it. */
  private complain({ id, code, message, remedy }: Frame<'error'>): void {
    // Another token may belong to somebody else: that shows when a connection begins with it.
    if (id === AUTH_ID && remedy !== 'sign-in') this.fail(message);
    if (id !== undefined && id !== AUTH_ID) return;
    this.complaint = message;
    if (code === 'sockets.disabled') this.finish({ kind: 'sockets-off', why: message });
    else if (remedy === 'sign-in') this.refused(message);
  }

  private closed(code: number): void {
    const why = this.complaint ?? (this.cuts ? 'The connection was lost.' : 'No connection could be made.');
    switch (remedyOfClose(code)) {
      case 'stop':
        this.finish({ kind: 'stop', why: this.complaint ?? `The server ended the connection (${code}).` });
        break;
      case 'sign-in':
        this.refused(this.complaint ?? 'The server does not take this token.');
        break;
      case 'retry':
        if (this.returnAt === null) this.fail(why);
        else this.drained(this.returnAt - this.needs.clock.now());
        break;
    }
  }

  /** The clock may have been set since the server named the delay. */
  private drained(leftMs: number): void {
    const delayMs = Math.max(0, Math.min(leftMs, DRAIN_DELAY_MAX_MS));
    this.finish({ kind: 'drained', delayMs, why: 'The server is restarting.' });
  }

  private finish(ending: Ending): void {
    if (this.isOver) return;
    this.end();
    this.events.ended(ending);
  }
}
