import { limits, type UpFrameInput } from '@roost/protocol';
import { type ClientError, isOfTransport } from './client-error.ts';
import type { Clock, Random } from './clock.ts';
import { Connection, type State } from './connection.ts';
import { type Counters, newCounters } from './counters.ts';
import type { Ephemera } from './ephemera.ts';
import { fitsFrame } from './fits-frame.ts';
import type { Report } from './listeners.ts';
import type { Lists } from './lists.ts';
import type { NamedEvents } from './named-events.ts';
import { type Letter, Outbox, type Taken } from './outbox.ts';
import { Patience } from './patience.ts';
import { Poller } from './polling.ts';
import type { Rest } from './rest.ts';
import { type Ending, Session } from './session.ts';
import type { OpenSocket } from './socket.ts';
import { StatusBoard } from './status.ts';
import { Stream } from './stream.ts';
import type { Happening, Surroundings } from './surroundings.ts';
import type { Timing } from './timing.ts';
import type { TokenKeeper } from './token.ts';

interface Needs {
  readonly url: string;
  readonly openSocket: OpenSocket;
  readonly clock: Clock;
  readonly random: Random;
  readonly surroundings: Surroundings;
  readonly timing: Timing;
  readonly report: Report;
  readonly tokens: TokenKeeper;
  readonly rest: Rest;
  readonly lists: Lists;
  readonly ephemera: Ephemera;
  readonly events: NamedEvents;
}

/** Silent for longer than this when the page is seen again: it slept, and its connection did not survive that. */
const SLEPT_MS = limits.HEARTBEAT_MS + 5_000;

/**
 * Keeps the lists current, by whatever gets through. Here is what each activity of the connection's table does, and
 * which input follows from what happens in it.
 */
export class Upkeep {
  readonly board: StatusBoard;
  readonly counters: Counters = newCounters();
  readonly patience: Patience;
  readonly outbox: Outbox;
  private readonly connection: Connection;
  private session: Session | null = null;
  private currentStream: Stream | null = null;
  private poller: Poller | null = null;
  private person: { readonly userId: string; readonly orgId: string } | null = null;
  private heardAt = 0;
  private pollsWork = false;
  /** Why the server wants no sockets; empty when it does, or is thought to. */
  private socketsOff = '';
  private retryAt: number | null = null;
  private watchAgain = () => {};

  constructor(private readonly needs: Needs) {
    const { clock, random, timing, surroundings } = needs;
    this.board = new StatusBoard(clock, needs.report);
    this.patience = new Patience(timing, random);
    this.outbox = new Outbox({
      ...needs,
      way: () => this.way(),
      knownOffset: (conversationId) => this.knownOffset(conversationId),
      isOpen: (id) => needs.lists.find(threadOf(id)) !== undefined,
      isLoading: (id) => needs.lists.find(threadOf(id))?.listing.cell.getSnapshot().isLoading === true,
    });
    this.connection = new Connection(
      {
        attempt: () => this.attempt(),
        delay: () => this.delay(),
        silence: () => this.silence(),
        steady: () => clock.after(timing.steadyMs, () => this.patience.steadied()),
        poll: () => this.poll(),
        watch: () => surroundings.watch((happening) => this.happened(happening)),
      },
      (state, from, why) => this.entered(state, from, why),
    );
  }

  get state(): State {
    return this.connection.state;
  }

  get userId(): string | null {
    return this.person?.userId ?? null;
  }

  /** The connection in use or in the making. */
  get stream(): Stream | null {
    return this.currentStream;
  }

  start(): void {
    if (this.state === 'idle' || this.state === 'stopped') {
      this.needs.tokens.reset();
      this.patience.forgive();
      if (this.person) this.outbox.hold();
    }
    this.connection.handle('start');
  }

  stop(): void {
    this.connection.handle('stop');
  }

  /** Other lists are wanted than before. */
  wantedChanged(): void {
    this.currentStream?.reconcile();
    this.poller?.hurry();
  }

  // What the activities do

  private attempt(): () => void {
    const { tokens, ephemera, events, url, openSocket, clock, random, timing } = this.needs;
    this.counters.attempts += 1;
    const stream: Stream = new Stream({
      ...this.needs,
      counters: this.counters,
      send: (frame) => session.send(frame),
      refilled: () => this.outbox.pump(),
      ephemeral: (frame) => ephemera.take(frame),
      happened: (frame) => events.take(frame),
      distrust: (why) => session.fail(why),
      refused: (why) => session.refused(why),
    });
    const { connectDeadlineMs } = timing;
    const hello = (token: string) => stream.hello(token, events.hello());
    const session: Session = new Session(
      { url, openSocket, tokens, clock, random, connectDeadlineMs, hello },
      {
        opened: () => this.connection.handle('opened'),
        welcomed: (who) => this.welcomed(who),
        caughtUp: (userId, cursor, frames) => {
          stream.open(userId, cursor, frames);
          this.connection.handle('current');
        },
        cut: (frames) => stream.cut(frames),
        heard: () => this.heard(),
        ended: (ending) => this.ended(ending),
      },
    );
    this.session = session;
    this.currentStream = stream;
    void session.start();
    return () => {
      this.session = this.currentStream = null;
      session.end();
      stream.end();
    };
  }

  private delay(): () => void {
    const { clock, timing } = this.needs;
    // A device may be wrong about being offline, so even then there is an attempt now and then.
    const ms = this.state === 'offline' ? timing.backoffCeilingMs : this.patience.nextDelayMs();
    this.retryAt = clock.now() + ms;
    const cancel = clock.after(ms, () => this.connection.handle('due'));
    return () => {
      this.retryAt = null;
      cancel();
    };
  }

  private silence(): () => void {
    const { clock, timing } = this.needs;
    let cancel = () => {};
    this.watchAgain = () => {
      cancel();
      cancel = clock.after(timing.silenceMs, () => this.session?.fail('The server fell silent.'));
    };
    this.watchAgain();
    return () => {
      this.watchAgain = () => {};
      cancel();
    };
  }

  private poll(): () => void {
    const poller = new Poller({
      ...this.needs,
      counters: this.counters,
      isVisible: () => this.needs.surroundings.isVisible(),
      polled: (error) => this.polled(error),
      signedOut: (why) => this.connection.handle('end', why),
    });
    this.poller = poller;
    void poller.round();
    return () => {
      this.poller = null;
      this.pollsWork = false;
      poller.end();
    };
  }

  // What follows from what happens in them

  private entered(state: State, from: State, why: string): void {
    const { clock, ephemera, events } = this.needs;
    if (from === 'live') {
      ephemera.connected(null);
      events.connected(null);
    }
    const currentAt = state === 'live' ? clock.now() : from === 'live' ? this.heardAt : null;
    // Where polls work, a failed attempt in the background is nobody's concern.
    this.show(this.pollsWork ? '' : why, currentAt);
    if (state !== 'live') {
      this.outbox.pump();
      return;
    }
    this.counters.connections += 1;
    const send = (frame: UpFrameInput) => this.currentStream?.send(frame);
    ephemera.connected(send);
    events.connected(send);
    this.outbox.connected();
  }

  private show(why: string, currentAt: number | null): void {
    const { state: inner, retryAt, pollsWork } = this;
    this.board.show({ inner, why, retryAt, pollsWork, currentAt });
  }

  private welcomed(who: { readonly userId: string; readonly orgId: string }): void {
    const { person } = this;
    this.person = who;
    this.socketsOff = '';
    if (person === null || (person.userId === who.userId && person.orgId === who.orgId)) {
      this.connection.handle('welcomed');
      return;
    }
    // What the hello asked for continues rows that are not theirs: none of it may be shown, old or new.
    this.needs.lists.forgetRows();
    this.outbox.forget();
    this.connection.handle('again', 'Somebody else has signed in.');
  }

  private heard(): void {
    this.counters.frames += 1;
    this.heardAt = this.needs.clock.now();
    this.watchAgain();
  }

  private ended(ending: Ending): void {
    switch (ending.kind) {
      case 'stop':
        this.connection.handle('end', ending.why);
        break;
      case 'refused':
        this.tokenRefused(ending);
        break;
      case 'sockets-off':
        this.socketsOff = ending.why;
        this.patience.order(this.needs.timing.socketsOffRetryMs);
        this.connection.handle('poll', ending.why);
        break;
      case 'drained':
        this.patience.order(ending.delayMs);
        this.connection.handle('lost', ending.why);
        break;
      case 'lost':
        if (this.needs.surroundings.isOnline()) this.connection.handle(this.patience.failed(), ending.why);
        else this.connection.handle('offline');
        break;
    }
  }

  /** A fresh token is worth an attempt at once, but a server that takes no token for long is not to be hammered. */
  private tokenRefused({ token, why }: Extract<Ending, { kind: 'refused' }>): void {
    if (!this.needs.tokens.refused(token)) {
      this.connection.handle('end', why);
      return;
    }
    const isFirst = this.patience.failures === 0;
    const input = this.patience.failed();
    this.connection.handle(isFirst ? 'again' : input, why);
  }

  private polled(error: ClientError | null): void {
    this.pollsWork = error === null || !isOfTransport(error);
    const why = this.pollsWork ? this.socketsOff : (error?.message ?? '');
    this.show(why, error === null ? this.needs.clock.now() : null);
  }

  private happened(happening: Happening): void {
    this.needs.ephemera.looked();
    if (happening === 'hidden') return;
    if (happening === 'offline') {
      this.connection.handle('offline');
      return;
    }
    if (happening === 'online') this.patience.forgive();
    this.connection.handle(this.hasSlept() ? 'again' : 'due');
    void this.poller?.round();
  }

  /** Over the socket while it is live; not while one is about to be; else over HTTP. */
  private way(): ((letter: Letter) => Promise<Taken>) | null {
    const { rest } = this.needs;
    switch (this.state) {
      case 'live': {
        const stream = this.currentStream;
        if (!stream || stream.isSpent) return null;
        return (letter) => (fitsFrame(letter) ? stream.say(letter) : rest.say(letter));
      }
      case 'waiting':
      case 'polling':
      case 'probing':
        return (letter) => rest.say(letter);
      default:
        return null;
    }
  }

  private knownOffset(conversationId: string): number | null {
    const thread = this.needs.lists.find(threadOf(conversationId));
    const known = [this.currentStream?.cursor, thread?.listing.position].filter((cursor) => cursor != null);
    return known.length === 0 ? null : Math.max(...known.map(({ offset }) => offset));
  }

  private hasSlept(): boolean {
    const isConnected = this.state === 'live' || this.state === 'catching-up';
    return isConnected && this.needs.clock.now() - this.heardAt > SLEPT_MS;
  }
}

function threadOf(conversationId: string): string {
  return `thread:${conversationId}`;
}
