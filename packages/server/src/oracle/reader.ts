import { type Client, createClient, type Happening } from '@roost/client';
import { type DownFrame, type ListDelta, type ListPage, parseCursor } from '@roost/protocol';
import type { Random } from '../clock.ts';
import type { Wire } from '../gateway/index.ts';
import { faultOfDelta, faultOfRows, Ledger, positionOf } from './ledger.ts';
import { Line } from './line.ts';
import type { Node } from './node.ts';
import { Path } from './path.ts';
import type { Person } from './person.ts';
import { type Answer, answerRest, shown } from './rest.ts';
import { Screen } from './screen.ts';
import type { WorldStore } from './store.ts';
import type { ProcessTime } from './time.ts';

const ORIGIN = 'http://oracle';
/** Answers that are lost, or late; a membership that ended; a log that was replaced by a shorter one. */
const MAY_HAPPEN_TO_A_WRITE = [
  'connection.lost',
  'answer.late',
  'token.missing',
  'token.invalid',
  'access.forbidden',
  'member.unknown',
  'cursor.unknown',
];

interface Needs {
  readonly name: string;
  readonly person: Person;
  readonly time: ProcessTime;
  readonly random: Random;
  readonly store: WorldStore;
  /** Some node that is up; null when there is none. */
  anyNode(): Node | null;
  wrong(says: string): void;
}

/** One person at one device: the client as we ship it, on a network of its own. */
export class Reader {
  readonly client: Client;
  readonly screen: Screen;
  readonly path: Path;
  readonly person: Person;
  private readonly lines = new Set<Line>();
  private readonly listeners = new Set<(happening: Happening) => void>();
  private requestCount = 0;
  isVisible = true;
  isOnline = true;

  constructor(private readonly needs: Needs) {
    const { person, random, store, time } = needs;
    this.person = person;
    this.path = new Path(random);
    this.client = createClient({
      url: ORIGIN,
      getToken: async () => person.token,
      openSocket: () => this.openSocket(),
      fetch: (input, init) => this.fetch(String(input), init ?? {}),
      clock: time,
      random,
      surroundings: {
        isVisible: () => this.isVisible,
        isOnline: () => this.isOnline,
        watch: (listener) => {
          this.listeners.add(listener);
          return () => this.listeners.delete(listener);
        },
      },
      onError: (error) => this.wrong(`the client let an error out: ${error}`),
    });
    this.screen = new Screen(this.client, person.userId, store, (says) =>
      this.wrong(`on the screen, ${says}`),
    );
    this.client.status.subscribe(() => this.screen.look());
  }

  get isBusy(): boolean {
    return this.requestCount > 0 || [...this.lines].some((line) => !line.isIdle);
  }

  get name(): string {
    return this.needs.name;
  }

  /** What the client holds for a connection is one. */
  get isConnected(): boolean {
    return [...this.lines].every((line) => line.isOpen || line.clientIsGone || line.isDouble);
  }

  happens(happening: Happening): void {
    for (const listener of [...this.listeners]) listener(happening);
  }

  /** The one write a client has. Its answer may be lost, which the next connection must not mind. */
  read(upTo: number): void {
    const asked = this.needs.store.history.epoch;
    this.client.read(upTo).then(
      ({ offset }) => {
        const { epoch, head } = this.needs.store.history;
        if (epoch === asked && offset > head)
          this.wrong(`has read at offset ${offset} of ${epoch}, past the head ${head}`);
      },
      (error: unknown) => {
        const { code } = error as { code?: string };
        if (code === undefined || !MAY_HAPPEN_TO_A_WRITE.includes(code))
          this.wrong(`could not say what it read: ${error}`);
      },
    );
  }

  goOffline(): void {
    this.isOnline = false;
    this.path.isDown = true;
    this.cut();
    this.happens('offline');
  }

  goOnline(): void {
    this.isOnline = true;
    this.path.isDown = false;
    this.happens('online');
  }

  heal(): void {
    this.path.heal();
    if (this.needs.time.frozen) this.wake();
    if (!this.isOnline) this.goOnline();
    this.isVisible = true;
    this.pump();
    const { state } = this.client.inspect();
    if (this.person.isMember && (state === 'stopped' || state === 'idle')) this.client.start();
  }

  sleep(): void {
    this.needs.time.freeze();
  }

  wake(): void {
    this.needs.time.thaw();
    this.pump();
    this.happens('visible');
  }

  /** The network takes what waits for it again. */
  pump(): void {
    for (const line of this.lines) line.pump();
  }

  cut(): void {
    for (const line of this.lines) line.cut();
  }

  halfOpen(): void {
    for (const line of this.lines) line.halfOpen();
  }

  /** The process at the other end is gone. */
  severed(from: Node): void {
    for (const line of this.lines) if (line.node === from) line.severed();
  }

  private openSocket(): Line {
    for (const line of this.lines) if (line.isOver) this.lines.delete(line);
    const line = this.line();
    if (this.path.doublesNext) {
      this.path.doublesNext = false;
      line.double = this.line();
      line.double.isDouble = true;
      line.double.dial();
    }
    line.dial();
    return line;
  }

  private line(): Line {
    const { time, random } = this.needs;
    const node = this.needs.anyNode();
    const ledger = new Ledger(this.needs.store, this.person.userId, (says) =>
      this.wrong(`was told wrongly: ${says}`),
    );
    const line: Line = new Line({
      path: this.path,
      random,
      client: time,
      server: node?.time ?? time,
      node,
      accept: (wire: Wire) => (node?.isUp ? node.connect(wire) : null),
      greeted: (cursor) => ledger.came(cursor),
      wrote: (text, queuedBytes) => this.wrote(line, JSON.parse(text), ledger, queuedBytes),
    });
    this.lines.add(line);
    return line;
  }

  private fetch(url: string, init: RequestInit): Promise<Response> {
    const { path } = this;
    const { time } = this.needs;
    const node = this.needs.anyNode();
    this.requestCount += 1;
    return new Promise((resolve, reject) => {
      let isOver = false;
      const end = (settle: () => void) =>
        time.after(path.delayMs(), () => {
          if (isOver) return;
          isOver = true;
          this.requestCount -= 1;
          settle();
        });
      const fail = () => end(() => reject(new TypeError('The network failed')));
      init.signal?.addEventListener('abort', fail);
      if (path.isDown || !node) return fail();
      node.time.after(path.delayMs(), async () => {
        const answer = await answerRest(node, url.slice(ORIGIN.length), init);
        this.answered(new URL(url), new Headers(init.headers), answer);
        if (path.isDown) fail();
        else if (!path.swallowsAnswers) {
          end(() =>
            resolve({
              status: answer.status,
              headers: new Headers(answer.etag ? { ETag: answer.etag } : {}),
              json: async () => JSON.parse(answer.text),
            } as Response),
          );
        }
      });
    });
  }

  /** The same over HTTP, where a list comes as a page or as a delta. */
  private answered({ pathname, searchParams }: URL, headers: Headers, { status, text }: Answer): void {
    if (status !== 200 || pathname === '/api/v1/me/read') return;
    const query = Object.fromEntries(searchParams);
    const { channel, params } = shown(pathname, query);
    const looking = { userId: this.person.userId, channel, params: params as Record<string, string> };
    const body = JSON.parse(text) as ListPage | ListDelta;
    const cursor = parseCursor(body.cursor);
    const history = cursor && this.needs.store.historyOf(cursor.epoch);
    if (!cursor || !history?.reaches(cursor.offset) || cursor.offset > history.head) {
      this.wrong(`was answered what never was: ${text}`);
      return;
    }
    const end = this.person.spellOf(headers.get('Authorization')?.slice('Bearer '.length) ?? '')?.endsAt;
    if (end && end.epoch === cursor.epoch && cursor.offset > end.offset)
      this.wrong(`was answered of ${cursor.offset}, past the end of membership at ${end.offset}`);
    if ('rows' in body) {
      const fault = faultOfRows(history, looking, cursor.offset, body.rows);
      if (fault !== null) this.wrong(`was answered wrongly: ${fault}`);
      return;
    }
    const since = history.accessSince(looking.userId, body.offset);
    const fault = faultOfDelta(history, looking, body, Math.max(body.prev, since));
    if (body.prev < since)
      this.wrong(`was answered from ${body.prev}, across the end of an access at ${since}`);
    if (fault !== null) this.wrong(`was answered wrongly: ${fault}`);
  }

  /** A server wrote this frame to this reader. Nothing past the end of a membership is for them (rule A1). */
  private wrote(line: Line, frame: DownFrame, ledger: Ledger, queuedBytes: number): void {
    ledger.take(frame, queuedBytes);
    const end = line.token === null ? null : (this.person.spellOf(line.token)?.endsAt ?? null);
    const at = end && positionOf(frame);
    if (at && at.epoch === end.epoch && at.offset > end.offset)
      this.wrong(
        `was sent ${frame.type} of offset ${at.offset}, past the end of membership at ${end.offset}`,
      );
  }

  private wrong(says: string): void {
    this.needs.wrong(`${this.needs.name} ${says}`);
  }
}
