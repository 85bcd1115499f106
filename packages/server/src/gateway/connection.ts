import {
  type Cursor,
  EVENTS_CHANNEL,
  Failure,
  failures,
  formatCursor,
  limits,
  PRESENCE_CHANNEL,
  parseCursor,
  type UpFrame,
} from '@roost/protocol';
import { upFrame } from '@roost/protocol/schema';
import type { Clock } from '../clock.ts';
import { errorText, type Hub, type Reader, type Subscription } from '../sync/index.ts';
import { encodeFrame } from './frame.ts';
import type { GatewayNeeds, Principal } from './needs.ts';
import { Rate } from './rate.ts';
import type { Wire } from './wire.ts';

/** Frames that wait while an earlier one is worked on; the rate lets no honest client get there. */
const WAITING_MAX_FRAMES = limits.FRAMES_BURST;

/** What a connection tells the gateway it belongs to. */
export interface ConnectionHome {
  readonly hub: Hub;
  readonly needs: GatewayNeeds;
  readonly clock: Clock;
  welcomed(connection: Connection): void;
  /** It has shown another token. */
  renewed(connection: Connection): void;
  ended(connection: Connection, code: number): void;
  typing(connection: Connection, scope: string): void;
  /** It opened or closed channels, went away or came back. */
  moved(connection: Connection): void;
  /** Frames that tell who is here now; null when nobody is. */
  presence(connection: Connection): Buffer | null;
  /** Named events from here on. @throws Failure */
  openEvents(connection: Connection, id: string): Promise<void>;
  closeEvents(connection: Connection, id: string): void;
}

/** One client on one socket: reads its frames in order, writes what sync hands over. */
export class Connection implements Reader {
  readonly subscriptions: Subscription[] = [];
  isCatchingUp = false;
  isReopening = false;
  /** The person behind it looks elsewhere, as their client says. */
  isAway = false;
  principal: Principal | null = null;
  /** The token it was let in with last. */
  token = '';
  /** When anything was last heard from the other side. */
  heardAt: number;
  private isClosed = false;
  /** It has been told where it stands; only then is it told anything else. */
  private isWelcome = false;
  private stopped: number | null = null;
  /** Past its bound, and the network has not taken everything since. */
  private isFull = false;
  /** The last offset it was told: a delta to it may start no later. */
  private told = 0;
  private whenLive: (() => void)[] | null = null;
  /** What the network had not taken when it was last looked at. */
  private queuedBytesBefore = 0;
  private readonly rate: Rate;
  private waiting: UpFrame[] | null = null;
  private queued: Buffer[] | null = null;
  private queuedFrameCount = 0;
  private queuedOffset = 0;
  /** Ids of its subscriptions to presence. */
  private presenceIds: string[] | null = null;
  private cancelHelloDeadline: (() => void) | null;

  constructor(
    private readonly home: ConnectionHome,
    private readonly wire: Wire,
  ) {
    const now = home.clock.now();
    this.heardAt = now;
    this.rate = new Rate(limits.FRAMES_BURST, limits.FRAMES_PER_SECOND, now);
    this.cancelHelloDeadline = home.clock.after(limits.HELLO_DEADLINE_MS, () =>
      this.fail(new Failure('hello.late')),
    );
  }

  get identity(): Principal {
    if (!this.principal) throw new Failure('frame.unexpected');
    return this.principal;
  }

  get isOpen(): boolean {
    return !this.isClosed;
  }

  get stoppedAt(): number | null {
    return this.stopped;
  }

  /** Gets everything as it happens. */
  get isLive(): boolean {
    return this.isWelcome && this.stopped === null && !this.isClosed;
  }

  get wantsPresence(): boolean {
    return this.presenceIds !== null;
  }

  /** The token was looked at again. */
  renewed(principal: Principal): void {
    this.principal = principal;
  }

  /** A text frame came. */
  receive(text: string): void {
    if (this.isClosed) return;
    this.heardAt = this.home.clock.now();
    this.home.needs.observer.framesIn(1);
    const frame = this.admit(text);
    if (frame instanceof Failure) this.fail(frame);
    else if (frame.type !== 'pong') this.enqueue(frame);
  }

  receiveBinary(): void {
    this.fail(new Failure('frame.binary'));
  }

  /** The socket is gone. */
  gone(code: number): void {
    if (this.isClosed) return;
    this.end(code);
  }

  /** The network has taken everything. */
  drained(): void {
    if (this.isClosed) return;
    this.wire.resume();
    this.isFull = false;
    if (this.stopped === null) return;
    // While it was paused it could not answer; that it took everything is a sign of life as well.
    this.heardAt = this.home.clock.now();
    void this.catchUp();
  }

  /** A network that goes on taking bytes is a sign of life, however slow it is (rule B4). */
  lookAtProgress(): void {
    const { queuedBytes } = this.wire;
    if (queuedBytes < this.queuedBytesBefore) this.heardAt = this.home.clock.now();
    this.queuedBytesBefore = queuedBytes;
  }

  queue(bytes: Buffer, frameCount: number, offset: number): void {
    if (this.isClosed) return;
    this.queued ??= [];
    this.queued.push(bytes);
    this.queuedFrameCount += frameCount;
    this.queuedOffset = Math.max(this.queuedOffset, offset);
  }

  flush(): void {
    const { queued } = this;
    if (!queued || this.isClosed) return;
    // Frames of several channels are one cut: the reader is told how many belong together (rule C1).
    if (queued.length > 1) queued.unshift(batchFrame(this.queuedFrameCount));
    this.queued = null;
    this.queuedFrameCount = 0;
    this.told = this.queuedOffset;
    this.write(queued);
  }

  /** What it has open is opened anew, as soon as the network takes it. */
  reopen(): void {
    if (!this.isWelcome || this.isClosed) return;
    this.isReopening = true;
    this.queued = null;
    this.queuedFrameCount = 0;
    // A reader that is slow anyway is told when it has drained; one that is being told finds out by itself.
    if (this.stopped !== null) return;
    this.stopped = this.told;
    void this.catchUp();
  }

  goOn(): void {
    this.stopped = null;
    this.isReopening = false;
    const waiting = this.whenLive;
    this.whenLive = null;
    for (const resolve of waiting ?? []) resolve();
  }

  async untilLive(): Promise<void> {
    if (this.stopped === null || this.isClosed) return;
    await new Promise<void>((resolve) => {
      this.whenLive ??= [];
      this.whenLive.push(resolve);
    });
  }

  refused(failure: Failure): void {
    this.home.needs.observer.failed(failure.code);
  }

  resync(): void {
    this.subscriptions.length = 0;
    void this.close(1012, 'The log was restored; come back.');
  }

  /** Sends one frame of its own. */
  send(text: string): void {
    if (!this.isClosed) this.write([encodeFrame(text)]);
  }

  sendEncoded(frame: Buffer): void {
    if (!this.isClosed) this.write([frame]);
  }

  sendAll(frames: readonly Buffer[]): void {
    if (!this.isClosed) this.write(frames);
  }

  /** @param offset  up to which nothing is missing */
  ping(frame: Buffer, offset: number): void {
    this.told = Math.max(this.told, offset);
    this.sendEncoded(frame);
  }

  /** Tells what is wrong; ends the connection where the table of failures says so. */
  fail(failure: Failure, id?: string): void {
    if (this.isClosed) return;
    this.home.needs.observer.failed(failure.code);
    this.send(errorText(id, failure));
    const { close } = failures[failure.code];
    if (close !== null) void this.close(close, failure.message);
  }

  /** Resolves when the socket is gone as well. */
  async close(code: number, reason: string): Promise<void> {
    if (this.isClosed) return;
    this.end(code);
    await this.wire.close(code, reason);
  }

  /** Limits first, then the shape. */
  private admit(text: string): UpFrame | Failure {
    if (!this.rate.take(this.heardAt)) return new Failure('frame.too_many');
    if (text.length > limits.FRAME_MAX_BYTES) return new Failure('request.too_big');
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return new Failure('frame.malformed');
    }
    const frame = upFrame.safeParse(value);
    if (frame.success) return frame.data;
    const issue = frame.error.issues[0];
    const where =
      issue && issue.path.length > 0 ? `“${issue.path.join('.')}”: ${issue.message}` : issue?.message;
    return new Failure('frame.unknown', `${failures['frame.unknown'].says} ${where ?? ''}`.trim());
  }

  private enqueue(frame: UpFrame): void {
    if (!this.waiting) {
      this.waiting = [frame];
      void this.work();
    } else if (this.waiting.length < WAITING_MAX_FRAMES) this.waiting.push(frame);
    else this.fail(new Failure('frame.too_many'));
  }

  /** Frames are worked on one after another, in the order they came. */
  private async work(): Promise<void> {
    while (this.waiting && this.waiting.length > 0 && !this.isClosed) {
      const frame = this.waiting[0] as UpFrame;
      try {
        await this.handle(frame);
      } catch (error) {
        this.fail(failureOf(error), 'id' in frame ? frame.id : undefined);
      }
      this.waiting?.shift();
    }
    this.waiting = null;
  }

  private async handle(frame: UpFrame): Promise<void> {
    if (frame.type === 'hello') return this.hello(frame);
    if (!this.principal) throw new Failure('frame.unexpected', 'The first frame must be hello.');
    const { hub } = this.home;
    switch (frame.type) {
      case 'subscribe':
        return this.subscribe(frame);
      case 'unsubscribe':
        return this.unsubscribe(frame.id);
      case 'fetch':
        return hub.fetch(this, frame, this.deliverCut);
      case 'read':
        return this.markRead(frame);
      case 'send':
        return this.say(frame);
      case 'presence':
        this.isAway = frame.state === 'away';
        return this.home.moved(this);
      case 'typing':
        return this.home.typing(this, frame.scope);
      case 'auth':
        return this.refresh(frame);
      case 'pong':
        return;
    }
  }

  private async hello(frame: UpFrame & { type: 'hello' }): Promise<void> {
    if (this.principal) throw new Failure('frame.unexpected', 'There is one hello a connection.');
    try {
      await this.open(frame);
    } catch (error) {
      // Nobody who was not welcomed is left waiting for it.
      this.fail(failureOf(error));
      void this.close(4000, 'The connection could not be opened; come back.');
    }
  }

  private async open(frame: UpFrame & { type: 'hello' }): Promise<void> {
    const { hub, needs } = this.home;
    const principal = await needs.authenticate(frame.token);
    if (this.isClosed) return;
    this.cancelHelloDeadline?.();
    this.cancelHelloDeadline = null;
    this.principal = principal;
    this.token = frame.token ?? '';
    this.home.welcomed(this);
    await hub.enter(this);
    // From here on a revocation finds this connection; one that came before is found by asking once more (rule A1).
    await needs.authenticate(frame.token);
    if (this.isClosed) return;
    const requests = frame.subscriptions.filter(({ channel }) => !isRowless(channel));
    const isResumed = await hub.open(this, frame.cursor ?? null, requests, (cursor, frames) => {
      const connected = JSON.stringify({
        type: 'connected',
        user_id: principal.user_id,
        org_id: principal.org,
        cursor: formatCursor(cursor),
        heartbeat_ms: limits.HEARTBEAT_MS,
        frames: frames.length,
      });
      this.isWelcome = true;
      this.told = cursor.offset;
      this.write([connected, ...frames].map(bytesOf));
    });
    if (frame.cursor && !isResumed) this.tellUnknownCursor(frame.cursor);
    if (!this.isClosed) this.home.moved(this);
    for (const { id, channel } of frame.subscriptions)
      if (isRowless(channel))
        await this.openRowless(channel, id).catch((error) => this.fail(failureOf(error), id));
  }

  /** Not a failure to the reader, who got snapshots instead; but whoever wrote a client wants to know. */
  private tellUnknownCursor(written: string, id?: string): void {
    this.fail(new Failure(parseCursor(written) ? 'cursor.unknown' : 'cursor.malformed'), id);
  }

  private async subscribe(frame: UpFrame & { type: 'subscribe' }): Promise<void> {
    if (isRowless(frame.channel)) return this.openRowless(frame.channel, frame.id);
    const held = this.subscriptions.some(({ id }) => id === frame.id);
    if (!held && this.subscriptions.length >= limits.SUBSCRIPTIONS_MAX) throw new Failure('channel.too_many');
    await this.home.hub.subscribe(this, frame, frame.cursor ?? null, this.deliverCut);
    if (!this.isClosed) this.home.moved(this);
  }

  private async unsubscribe(id: string): Promise<void> {
    const presenceIds = this.presenceIds?.filter((open) => open !== id) ?? [];
    this.presenceIds = presenceIds.length > 0 ? presenceIds : null;
    this.home.closeEvents(this, id);
    await this.home.hub.unsubscribe(this, id);
    if (!this.isClosed) this.home.moved(this);
  }

  private async openRowless(channel: string, id: string): Promise<void> {
    if (channel === PRESENCE_CHANNEL) this.showPresence(id);
    else await this.home.openEvents(this, id);
  }

  private showPresence(id: string): void {
    if (this.isClosed) return;
    this.presenceIds = [...(this.presenceIds ?? []).filter((open) => open !== id), id];
    const frames = this.home.presence(this);
    if (frames && this.isLive) this.write([frames]);
  }

  private async markRead(frame: UpFrame & { type: 'read' }): Promise<void> {
    const { conversation_id = null, up_to, id } = frame;
    const { offset } = await this.home.needs.markRead(this.identity, up_to, conversation_id, id);
    this.send(JSON.stringify({ type: 'ack', id, offset }));
  }

  private async say({ type: _, id, conversation_id, ...message }: UpFrame & { type: 'send' }): Promise<void> {
    const { offset, result } = await this.home.needs.send(this.identity, conversation_id, message, id);
    this.send(JSON.stringify({ type: 'ack', id, offset, message_id: result.message_id }));
  }

  private async refresh(frame: UpFrame & { type: 'auth' }): Promise<void> {
    const { authenticate } = this.home.needs;
    const fresh = await authenticate(frame.token);
    const { org, user_id } = this.identity;
    if (fresh.org !== org || fresh.user_id !== user_id)
      throw new Failure('access.forbidden', 'A connection stays with one person.');
    this.principal = fresh;
    this.token = frame.token;
    this.home.renewed(this);
    // The end of the session behind it now finds this connection; one that came before does not (rule A1).
    await authenticate(frame.token);
    this.send(JSON.stringify({ type: 'ack', id: frame.id, offset: 0 }));
  }

  private async catchUp(): Promise<void> {
    try {
      await this.home.hub.catchUp(this, (cursor, frames) => {
        this.told = cursor.offset;
        this.deliverCut(cursor, frames);
      });
    } catch {
      // Nothing was handed over; a reader that cannot be caught up comes back with its cursor.
      void this.close(4000, 'Could not catch up; come back.');
    }
    // In the instant in which it had been told everything it had to be opened anew.
    if (this.isReopening && !this.isFull && !this.isCatchingUp) void this.catchUp();
  }

  private readonly deliverCut = (_: Cursor, frames: readonly (string | Buffer)[]): void => {
    if (this.isClosed || frames.length === 0) return;
    const batch = frames.length > 1 ? [batchFrame(frames.length)] : [];
    this.write([...batch, ...frames.map(bytesOf)]);
  };

  private write(bytes: readonly Buffer[]): void {
    this.wire.write(bytes);
    let written = 0;
    for (const { length } of bytes) written += length;
    this.home.needs.observer.bytesOut(written);
    if (this.wire.queuedBytes > limits.SEND_QUEUE_HIGH_BYTES) this.stop();
  }

  /** Nothing is queued for a reader past the bound, and nothing more is taken from it (rule B1). */
  private stop(): void {
    this.wire.pause();
    this.isFull = true;
    if (this.stopped !== null || !this.isWelcome) return;
    this.stopped = this.told;
    this.home.needs.observer.stopped();
  }

  private end(code: number): void {
    this.isClosed = true;
    this.cancelHelloDeadline?.();
    this.waiting = null;
    this.queued = null;
    this.goOn();
    if (this.principal) this.home.hub.leave(this);
    this.home.ended(this, code);
  }
}

const BATCH_FRAMES_KEPT = 100;
const batchFrames = new Map<number, Buffer>();

/** Says that so many frames are one cut. Most cuts are small, and every reader of several channels is told of each. */
function batchFrame(count: number): Buffer {
  const known = batchFrames.get(count);
  if (known) return known;
  const made = encodeFrame(`{"type":"batch","frames":${count}}`);
  if (count < BATCH_FRAMES_KEPT) batchFrames.set(count, made);
  return made;
}

/** Channels without rows and without a place in the log. */
function isRowless(channel: string): boolean {
  return channel === PRESENCE_CHANNEL || channel === EVENTS_CHANNEL;
}

function failureOf(error: unknown): Failure {
  return error instanceof Failure ? error : new Failure('server.failed', undefined, { cause: error });
}

function bytesOf(frame: string | Buffer): Buffer {
  return typeof frame === 'string' ? encodeFrame(frame) : frame;
}
