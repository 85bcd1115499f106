import { type Cursor, type DownFrame, formatCursor, parseCursor, type UpFrameInput } from '@roost/protocol';
import { Allowance } from './allowance.ts';
import { reconnectDelayMs } from './backoff.ts';
import { ClientError, type ClientErrorCode, malformed } from './client-error.ts';
import type { Clock, Random } from './clock.ts';
import type { Counters } from './counters.ts';
import { type List, publish } from './list.ts';
import type { Lists } from './lists.ts';
import type { Letter, Taken } from './outbox.ts';
import type { UnknownFrame } from './parse.ts';
import { Requests } from './requests.ts';
import type { Timing } from './timing.ts';

type Frame<Type extends DownFrame['type']> = Extract<DownFrame, { type: Type }>;
type Hello = Extract<UpFrameInput, { type: 'hello' }>;

interface Needs {
  readonly lists: Lists;
  readonly clock: Clock;
  readonly random: Random;
  readonly timing: Timing;
  readonly counters: Counters;
  send(frame: UpFrameInput): void;
  /** More frames may be sent again. */
  refilled(): void;
  /** Presence and typing, which have no place in the log. */
  ephemeral(frame: Frame<'presence' | 'typing'>): void;
  /** Something happened that has a name. Told after the lists of the same moment. */
  happened(frame: Frame<'event'>): void;
  /** The connection does not do what it should, or the server refuses its token. */
  distrust(why: string): void;
  refused(why: string): void;
}

/** Where a list stands on this connection; a list that is not asked for yet stands nowhere. */
type Standing =
  /** Asked as of `cursor`, or for a snapshot. In the hello, silence is an answer too. */
  | { phase: 'asked'; id: string; cursor: Cursor | null; inHello: boolean; cancelDeadline: () => void }
  /** Current: every change of it comes by itself. */
  | { phase: 'steady'; id: string }
  /** The server could not serve it, and will be asked again soon. */
  | { phase: 'resting'; cancelRetry: () => void }
  /** The server will not serve it. */
  | { phase: 'refused' };

/** The hello names this many lists; with more, the frame might pass what a server takes. The others follow it. */
const HELLO_LISTS_MAX = 50;

/** Keeps the wanted lists current over one connection. Lives and ends with it. */
export class Stream {
  private readonly standings = new Map<List, Standing>();
  private readonly byId = new Map<string, List>();
  /** Lists that were asked for on this connection before: deltas of then may still be on their way. */
  private readonly seen = new Set<List>();
  private readonly requests: Requests;
  private readonly allowance: Allowance;
  private readonly touched = new Set<List>();
  private readonly untold: Frame<'event'>[] = [];
  private userId = '';
  private position: Cursor | null = null;
  private idCount = 0;
  private isOver = false;
  private isReopened = false;

  constructor(private readonly needs: Needs) {
    this.requests = new Requests(needs.clock, needs.random, needs.timing.answerDeadlineMs);
    this.allowance = new Allowance(needs.clock, () => {
      this.reconcile();
      needs.refilled();
    });
  }

  /** Where the connection stands; null until the lists of the hello are current. */
  get cursor(): Cursor | null {
    return this.position;
  }

  phaseOf(list: List): Standing['phase'] | 'off' {
    return this.standings.get(list)?.phase ?? 'off';
  }

  /**
   * The first frame, with the lists that have rows and the oldest of their positions: what a list has seen beyond it
   * comes again and changes nothing (rules D4, D5). Lists without rows must wait, as they would be sent deltas to
   * nothing; only when no list has rows, all start together from snapshots.
   *
   * @param others  channels without rows
   */
  hello(token: string, others: NonNullable<Hello['subscriptions']> = []): Hello {
    const wanted = this.needs.lists.wanted();
    const cursor = oldest(wanted);
    const named = cursor === null ? wanted : wanted.filter(({ listing }) => listing.position !== null);
    const subscriptions = named.slice(0, HELLO_LISTS_MAX).map((list) => {
      const id = this.nextId();
      this.stand(list, { phase: 'asked', id, cursor, inHello: true, cancelDeadline: () => {} });
      return { id, channel: list.channel, params: { ...list.params, limit: list.listing.wantedCount } };
    });
    return {
      type: 'hello',
      token,
      subscriptions: [...subscriptions, ...others],
      ...(cursor && { cursor: formatCursor(cursor) }),
    };
  }

  /** The cut that answers the hello: after it everything in the hello is current as of `cursor`. */
  open(userId: string, cursor: Cursor, frames: readonly (DownFrame | UnknownFrame)[]): void {
    this.userId = userId;
    for (const frame of frames) this.take(frame);
    if (this.isOver) return; // something in them was not to be trusted
    for (const [list, standing] of this.standings) {
      if (standing.phase !== 'asked' || !standing.inHello) continue;
      const { position } = list.listing;
      // A poll answered by a node that is behind may have taken the list back since the hello was sent.
      const isWhereAsked =
        position?.epoch === cursor.epoch && position.offset >= (standing.cursor?.offset ?? Infinity);
      if (isWhereAsked) this.steady(list);
      else this.leave(list);
    }
    this.position = cursor;
    this.vouch(cursor.offset);
    this.publish();
    this.reconcile();
  }

  /** Frames of one moment. */
  cut(frames: readonly (DownFrame | UnknownFrame)[]): void {
    let vouchedOffset = 0;
    for (const frame of frames) vouchedOffset = Math.max(vouchedOffset, this.take(frame));
    this.vouch(vouchedOffset);
    this.publish();
    if (this.isReopened) this.reopened();
  }

  /** Asks for what is wanted and lets go of what is not, as far as the server takes frames now. */
  reconcile(): void {
    if (this.position === null || this.isOver) return;
    for (const list of [...this.standings.keys()]) {
      if (list.isWanted) continue;
      if (this.allowance.isSpent) return;
      const standing = this.leave(list);
      if (standing && 'id' in standing) this.send({ type: 'unsubscribe', id: standing.id });
    }
    for (const list of this.needs.lists.wanted()) {
      if (this.standings.has(list)) continue;
      if (this.allowance.isSpent) return;
      // A late delta of the earlier subscription could pass for the answer; a snapshot cannot be mistaken.
      this.ask(list, this.nextId(), this.seen.has(list) ? null : list.listing.position);
    }
  }

  /** The rows below `before`. @see FetchPage */
  fetch(list: List, before: string): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const id = this.requests.open((frame) => {
        this.touched.add(list);
        resolve(frame.type === 'page' && list.listing.append(frame, before));
      }, reject);
      const params = { ...list.params, before, limit: list.listing.pageCount };
      this.send({ type: 'fetch', id, channel: list.channel, params });
    });
  }

  async read(upTo: number, conversationId?: string): Promise<{ offset: number }> {
    const { offset } = await this.write((id) => ({
      type: 'read',
      id,
      up_to: upTo,
      ...(conversationId !== undefined && { conversation_id: conversationId }),
    }));
    return { offset };
  }

  say({ id, conversationId, draft }: Letter): Promise<Taken> {
    return this.write(() => ({ ...draft, type: 'send', id, conversation_id: conversationId }), id);
  }

  /** No more frames may be sent at the moment. */
  get isSpent(): boolean {
    return this.allowance.isSpent;
  }

  send(frame: UpFrameInput): void {
    this.allowance.spend();
    this.needs.send(frame);
  }

  end(): void {
    this.isOver = true;
    for (const list of [...this.standings.keys()]) this.leave(list);
    this.allowance.end();
    this.requests.abandon();
  }

  private write(frame: (id: string) => UpFrameInput, own?: string): Promise<Taken> {
    return new Promise((resolve, reject) => {
      const answered = (answer: Frame<'page' | 'ack'>) =>
        answer.type === 'ack'
          ? resolve({ offset: answer.offset, message_id: answer.message_id ?? null })
          : reject(malformed());
      this.send(frame(this.requests.open(answered, reject, own)));
    });
  }

  /** @returns the offset up to which this frame says that nothing is missing on the whole connection, or 0 */
  private take(frame: DownFrame | UnknownFrame): number {
    switch (frame.type) {
      case 'snapshot':
        this.snapshot(frame);
        return 0;
      case 'delta':
        return this.delta(frame);
      case 'ping':
        return this.ping(frame);
      case 'page':
      case 'ack':
        this.requests.answer(frame);
        return 0;
      case 'error':
        this.failed(frame);
        return 0;
      case 'presence':
      case 'typing':
        this.needs.ephemeral(frame);
        return 0;
      case 'event':
        this.untold.push(frame);
        return 0;
      case 'connected':
      case 'batch':
      case 'drain':
      case 'unknown':
        return 0; // the session's own, or nobody's
    }
  }

  private snapshot(frame: Frame<'snapshot'>): void {
    const list = this.byId.get(frame.id);
    if (!list) return;
    // Not asked for: the server has opened it anew. What is unread is told whole now and then, and says nothing.
    if (this.phaseOf(list) === 'steady' && list.channel !== 'unread') this.isReopened = true;
    if (list.listing.replace(frame)) this.steady(list);
    else this.needs.distrust('The server sent a cursor that is none.');
  }

  /** What this person may see may have changed (rule A2): less, or more. */
  private reopened(): void {
    this.isReopened = false;
    this.needs.lists.forgetIdle();
    for (const [list, { phase }] of this.standings) if (phase === 'refused') this.leave(list);
    this.reconcile();
  }

  private delta(frame: Frame<'delta'>): number {
    const list = this.listNamed(frame.key ?? frame.channel);
    const standing = list && this.standings.get(list);
    // Of a list let go of meanwhile, it still tells how far the connection has come (rule C2).
    if (!list || !standing) return frame.offset;
    if (standing.phase === 'asked') {
      // Only the answer starts where the question did. Anything else is from before the question.
      if (!standing.inHello && frame.prev !== standing.cursor?.offset) return frame.offset;
      if (list.listing.fold(frame) === 'gap') this.leave(list);
      else this.steady(list);
      // An answer reaches to the head of the log, where the rest of the connection may not be yet.
      return 0;
    }
    if (standing.phase !== 'steady') return frame.offset;
    if (list.listing.fold(frame) === 'gap') {
      this.needs.counters.gaps += 1;
      this.ask(list, standing.id, list.listing.position);
      return 0;
    }
    this.touched.add(list);
    return frame.offset;
  }

  private ping(frame: Frame<'ping'>): number {
    const cursor = parseCursor(frame.cursor);
    if (cursor === null || this.position === null) return 0;
    if (cursor.epoch === this.position.epoch) return cursor.offset;
    this.needs.distrust('The log was started anew.');
    return 0;
  }

  private failed({ id, code, message, remedy, about }: Frame<'error'>): void {
    if (id === undefined) return; // about the connection: the session has acted on it
    const error = new ClientError(code as ClientErrorCode, remedy, message, { about });
    const list = this.byId.get(id);
    if (list) this.listFailed(list, error);
    else this.requests.fail(id, error);
  }

  private listFailed(list: List, error: ClientError): void {
    if (error.remedy === 'sign-in') {
      this.needs.refused(error.message);
      return;
    }
    const standing = this.leave(list);
    if (error.remedy === 'resync' && standing?.phase === 'asked' && standing.cursor !== null) {
      this.ask(list, this.nextId(), null);
      return;
    }
    const isRefused = error.remedy === 'correct' || error.remedy === 'give-up';
    // One that was open is so no longer: what it held may be what this person may no longer see (rule A2).
    if (isRefused || standing?.phase === 'steady') list.listing.forget();
    list.listing.failed(error);
    this.touched.add(list);
    if (isRefused) this.standings.set(list, { phase: 'refused' });
    else this.rest(list);
  }

  private rest(list: List): void {
    const { clock, random, timing } = this.needs;
    list.failureCount += 1;
    const delayMs = reconnectDelayMs(list.failureCount, random, timing);
    const cancelRetry = clock.after(delayMs, () => {
      this.leave(list);
      this.reconcile();
    });
    this.stand(list, { phase: 'resting', cancelRetry });
  }

  private ask(list: List, id: string, cursor: Cursor | null): void {
    const { clock, timing } = this.needs;
    const late = () => this.needs.distrust('The server left a question unanswered.');
    const cancelDeadline = clock.after(timing.answerDeadlineMs, late);
    this.stand(list, { phase: 'asked', id, cursor, inHello: false, cancelDeadline });
    this.send({
      type: 'subscribe',
      id,
      channel: list.channel,
      params: { ...list.params, limit: list.listing.wantedCount },
      ...(cursor && { cursor: formatCursor(cursor) }),
    });
  }

  private steady(list: List): void {
    const standing = this.standings.get(list);
    if (!standing || !('id' in standing)) return;
    this.stand(list, { phase: 'steady', id: standing.id });
    list.failureCount = 0;
    // Whatever failed in it before, it works again.
    list.listing.failed(null);
    this.touched.add(list);
  }

  private stand(list: List, standing: Standing): void {
    this.leave(list);
    this.standings.set(list, standing);
    if ('id' in standing) {
      this.byId.set(standing.id, list);
      this.seen.add(list);
    }
  }

  /** @returns where it stood */
  private leave(list: List): Standing | undefined {
    const standing = this.standings.get(list);
    if (standing?.phase === 'asked') standing.cancelDeadline();
    if (standing?.phase === 'resting') standing.cancelRetry();
    if (standing && 'id' in standing) this.byId.delete(standing.id);
    this.standings.delete(list);
    return standing;
  }

  private listNamed(name: string): List | undefined {
    for (const list of this.standings.keys()) {
      const key = list.keyFor(this.userId);
      // What is the same for a whole channel may go by the channel's name alone.
      if (key === name || (list.channel === name && isEmpty(list.params))) return list;
    }
    return undefined;
  }

  /** Every list that is current on this connection is true up to `offset`. */
  private vouch(offset: number): void {
    if (this.position === null) return;
    if (offset > this.position.offset) this.position = { epoch: this.position.epoch, offset };
    for (const [list, { phase }] of this.standings) {
      if (phase === 'steady') list.listing.vouch(this.position);
    }
  }

  private publish(): void {
    const lists = [...this.touched];
    this.touched.clear();
    publish(lists);
    for (const frame of this.untold.splice(0)) this.needs.happened(frame);
  }

  private nextId(): string {
    this.idCount += 1;
    return `s${this.idCount}`;
  }
}

function isEmpty(params: object): boolean {
  return Object.keys(params).length === 0;
}

/** The oldest position among the lists that have rows. Null when there is none, or when their logs differ. */
function oldest(lists: readonly List[]): Cursor | null {
  let found: Cursor | null = null;
  for (const { listing } of lists) {
    const { position } = listing;
    if (position === null) continue;
    if (found !== null && position.epoch !== found.epoch) return null;
    if (found === null || position.offset < found.offset) found = position;
  }
  return found;
}
