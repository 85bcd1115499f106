import { limits, type Outline, outlineOf, type Row } from '@roost/protocol';
import type { ListParams } from './channels.ts';
import { ClientError, type ClientErrorCode, late, lost } from './client-error.ts';
import type { Clock } from './clock.ts';
import { List, publish } from './list.ts';
import type { Report } from './listeners.ts';
import { type ListState, UNKNOWN_LIST } from './listing.ts';
import type { TextParams } from './rest.ts';
import type { Store } from './store.ts';

/** One list, kept current while somebody listens to it. */
export interface LiveList<R extends Row = Row> extends Store<ListState<R>> {
  /**
   * Brings the next rows below. Does nothing at the list's end; while one call runs, another is the same one.
   * A failure is in the list's `error` too, so the promise may be left alone.
   *
   * @throws ClientError  connection.lost, answer.late, or what the server says
   */
  fetchMore(): Promise<void>;
}

/** Brings the rows below `before` into the list. @returns false when they do not fit any more: ask again */
export type FetchPage = (list: List, before: string) => Promise<boolean>;

interface Needs {
  readonly clock: Clock;
  readonly releaseDelayMs: number;
  readonly report: Report;
  /** Lists are wanted or not wanted that were not before. */
  changed(): void;
  readonly fetchPage: FetchPage;
}

/** Below what a server takes on a connection: presence and named events want one each. */
const WANTED_MAX = limits.SUBSCRIPTIONS_MAX - 2;
/** Lists nobody wants any more that keep their rows, to be shown at once when somebody does. */
const KEPT_MAX = 20;
const HANDLES_MAX = 500;
/** Longer names are no channel's; a frame that carried one would end the connection. */
export const CHANNEL_MAX_CHARS = 200;
const PAGE_TRIES = 3;

/** Every list of the client by key: who wants it, and what is known of it. */
export class Lists {
  private readonly held = new Map<string, List>();
  private readonly handles = new Map<string, LiveList>();

  constructor(private readonly needs: Needs) {}

  /** The same list for the same channel and parameters. A list that cannot exist shows why as its error. */
  list(channel: string, { limit, ...others }: ListParams = {}): LiveList {
    const params = textParams(others);
    const name = JSON.stringify([channel, params, limit]).toLowerCase() + channel;
    const handle = this.handles.get(name) ?? this.handleOf(channel, params, limit);
    // Put at the end again: handles leave in the order in which they were asked for last.
    this.handles.delete(name);
    this.handles.set(name, handle);
    if (this.handles.size > HANDLES_MAX) this.handles.delete(this.handles.keys().next().value as string);
    return handle;
  }

  wanted(): List[] {
    return this.all().filter((list) => list.isWanted);
  }

  all(): List[] {
    return [...this.held.values()];
  }

  /** Drops every row: they belong to somebody else. */
  forgetRows(): void {
    for (const list of this.all()) list.listing.forget();
    publish(this.all());
  }

  /** What a person may see has changed: rows that nobody keeps current may be among what they no longer may (rule A2). */
  forgetIdle(): void {
    const idle = this.all().filter(({ isWanted }) => !isWanted);
    for (const list of idle) list.listing.forget();
    publish(idle);
  }

  /** The list without parameters that somebody wants, if any does. */
  find(channel: string): List | undefined {
    const list = this.held.get(channel);
    return list?.isWanted ? list : undefined;
  }

  private handleOf(channel: string, params: TextParams, limit = limits.PAGE_DEFAULT_ROWS): LiveList {
    const limitCount = Math.min(limits.PAGE_MAX_ROWS, Math.max(1, Math.trunc(limit) || 1));
    const outline = sendable(channel, params);
    if (outline instanceof ClientError) return listThatCannotBe(outline);
    // Who asks is not known yet; lists of one client all belong to the same person.
    const key = outline.keyFor('');
    return {
      subscribe: (listener) => {
        const list = this.open(key, outline, params, limitCount);
        const leave = list.listing.cell.subscribe(listener);
        this.take(list);
        let here = true;
        return () => {
          if (!here) return;
          here = false;
          leave();
          this.leave(key, list);
        };
      },
      getSnapshot: () => this.held.get(key)?.listing.cell.getSnapshot() ?? UNKNOWN_LIST,
      fetchMore: () => {
        const list = this.held.get(key);
        return list ? this.fetchMore(list) : Promise.resolve();
      },
    };
  }

  private open(key: string, outline: Outline, params: TextParams, limit: number): List {
    let list = this.held.get(key);
    if (!list) {
      list = new List(outline, params, limit, this.needs.report);
      this.held.set(key, list);
    }
    list.listing.widen(limit);
    return list;
  }

  private take(list: List): void {
    const wasWanted = list.isWanted;
    list.cancelRelease?.();
    list.cancelRelease = null;
    list.listenerCount += 1;
    if (wasWanted) return;
    this.makeRoom();
    this.needs.changed();
  }

  private leave(key: string, list: List): void {
    list.listenerCount -= 1;
    if (list.listenerCount > 0) return;
    // To the end: what was left last is kept longest.
    this.held.delete(key);
    this.held.set(key, list);
    list.cancelRelease = this.needs.clock.after(this.needs.releaseDelayMs, () => {
      this.release(list);
      this.needs.changed();
    });
  }

  private release(list: List): void {
    list.cancelRelease?.();
    list.cancelRelease = null;
    const idle = [...this.held].filter(([, { isWanted }]) => !isWanted);
    for (const [key] of idle.slice(0, -KEPT_MAX)) this.held.delete(key);
  }

  /** Somebody leafing quickly leaves a trail of lists behind; the oldest of them go before their time. */
  private makeRoom(): void {
    const wanted = this.wanted();
    const lingering = wanted.filter(({ listenerCount }) => listenerCount === 0);
    for (const list of lingering.slice(0, Math.max(0, wanted.length - WANTED_MAX))) this.release(list);
  }

  private fetchMore(list: List): Promise<void> {
    if (list.fetching) return list.fetching;
    if (list.listing.before === null) return Promise.resolve();
    list.fetching = this.fetch(list).finally(() => {
      list.fetching = null;
      list.listing.fetching(false);
      publish([list]);
    });
    list.listing.fetching(true);
    publish([list]);
    // Who does not wait for the promise sees the error in the list, and no unhandled rejection.
    list.fetching.catch(() => {});
    return list.fetching;
  }

  private async fetch(list: List): Promise<void> {
    const { listing } = list;
    try {
      for (let tries = 0; tries < PAGE_TRIES; tries += 1) {
        if (listing.before === null || (await this.needs.fetchPage(list, listing.before))) return;
      }
      throw late('The list changed faster than older rows could be fetched.');
    } catch (error) {
      const failure = error instanceof ClientError ? error : lost('Older rows could not be fetched.', error);
      listing.failed(failure);
      throw failure;
    }
  }
}

/** What says something, in one order, however it is written. */
function textParams(params: Readonly<Record<string, unknown>>): TextParams {
  const said = Object.entries(params).flatMap(([name, value]): [string, string][] => {
    const text = String(value ?? '').trim();
    return text === '' ? [] : [[name, text]];
  });
  return Object.fromEntries(said.sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** The outline of a list that can be asked for. Which inboxes are kept from a person is the server's to know. */
function sendable(channel: string, params: TextParams): Outline | ClientError {
  const impossible = (code: ClientErrorCode, says: string, cause?: unknown) =>
    new ClientError(code, 'correct', says, { cause });
  try {
    const outline = outlineOf(channel, params);
    if ('code' in outline) return impossible(outline.code, outline.says);
    if (channel.length > CHANNEL_MAX_CHARS)
      return impossible('channel.unknown', 'No channel has so long a name.');
    if (Object.values(params).some((text) => text.length > limits.FILTER_MAX_CHARS))
      return impossible('filter.invalid', 'That is longer than a list can be asked for.');
    outline.keyFor(''); // throws for half characters, which no address has
    return outline;
  } catch (cause) {
    return impossible('request.invalid', 'There is no such list.', cause);
  }
}

function listThatCannotBe(error: ClientError): LiveList {
  const state: ListState<never> = { ...UNKNOWN_LIST, isLoading: false, error };
  return { subscribe: () => () => {}, getSnapshot: () => state, fetchMore: () => Promise.resolve() };
}
