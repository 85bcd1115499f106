import { Failure } from '@roost/protocol';
import { type Clock, every, type Random } from '../clock.ts';
import type { LogEntry } from '../commands/index.ts';
import {
  type Claimed,
  commands,
  type Due,
  type Outgoing,
  type OutgoingOutcome,
  queries,
} from '../domain/index.ts';
import { ATTEMPTS_MAX, waitMs } from './backoff.ts';
import type { Attempted, OutboxNeeds, Route } from './outbox-needs.ts';

/** What other nodes and other processes have queued, and what is due again, is seen within it. */
const LOOK_EVERY_MS = 1_000;
/** How long a transport may take to end after it was told to. */
const GRACE_MS = 5_000;
/** A lease outlasts the attempt it is for by so much: clocks of several nodes differ, and a store may be slow. */
const LEASE_MARGIN_MS = 60_000;
/** Stopping lets attempts end by themselves for so long, and gives them up then. */
const STOP_MAX_MS = 4_000;
const STOP_GRACE_MS = 1_500;
/** Between attempts to record an outcome while the store does not answer. */
const SETTLE_AGAIN_MS = 1_000;
const OVERDUE_AT_ONCE_MAX = 100;
const SAYS_MAX_CHARS = 1_000;

const system = { kind: 'system', name: 'outbox' } as const;

interface UnderWay {
  readonly route: Route;
  readonly inbox_id: string;
  readonly giveUp: AbortController;
}

/**
 * Hands over what is to be sent: at once what this node has committed, and soon what others have. Of a conversation
 * one message at a time, in their order. Several nodes may do it: the store gives each message to one of them.
 */
export class Outbox {
  private readonly underWay = new Map<string, UnderWay>();
  private readonly stopLooking: () => void;
  private looking: Promise<void> | null = null;
  private lookAgain = false;
  private overdueBefore: number | null;
  private isTroubled = false;
  private stopped = false;
  private wakeStopping = () => {};

  /** @param isAlone  no other process sends from this store: what is being handed over as it begins was left behind */
  constructor(
    private readonly needs: OutboxNeeds,
    private readonly clock: Clock,
    private readonly random: Random,
    isAlone: boolean,
  ) {
    this.overdueBefore = isAlone ? Number.MAX_SAFE_INTEGER : clock.now();
    this.stopLooking = every(clock, LOOK_EVERY_MS, () => {
      this.overdueBefore ??= clock.now();
      this.look();
    });
    this.look();
  }

  /** Hears of what was committed here. */
  hear(entries: readonly LogEntry[]): void {
    if (entries.some(({ changes }) => changes.includes('"status":"queued"'))) this.look();
  }

  /**
   * Begins nothing more, and resolves once nothing is under way: after a while by giving it up. What was not begun
   * stays where it is.
   */
  async stop(): Promise<void> {
    this.stopped = true;
    this.stopLooking();
    await this.looking;
    await this.untilNothingIsUnderWay(STOP_MAX_MS);
    for (const { giveUp } of this.underWay.values()) giveUp.abort();
    await this.untilNothingIsUnderWay(STOP_GRACE_MS);
    if (this.underWay.size > 0) {
      this.needs.log.warn({ count: this.underWay.size }, 'Messages were still being handed over at the end');
    }
  }

  private async untilNothingIsUnderWay(maxMs: number): Promise<void> {
    if (this.underWay.size === 0) return;
    let cancel = () => {};
    await new Promise<void>((resolve) => {
      this.wakeStopping = resolve;
      cancel = this.clock.after(maxMs, resolve);
    });
    cancel();
  }

  private look(): void {
    this.lookAgain = true;
    if (this.stopped) return;
    this.looking ??= this.lookUntilQuiet().finally(() => {
      this.looking = null;
      // Asked for after the last look had begun to end.
      if (this.lookAgain && !this.isTroubled) this.look();
    });
  }

  /** Never rejects: what fails now is found again by the next look. */
  private async lookUntilQuiet(): Promise<void> {
    try {
      while (this.lookAgain && !this.stopped) {
        this.lookAgain = false;
        await this.giveUpOverdue();
        for (const route of this.needs.routes) await this.fill(route);
      }
      this.isTroubled = false;
    } catch (err) {
      if (!this.isTroubled) this.needs.log.error({ err }, 'The outbox could not be read');
      this.isTroubled = true;
    }
  }

  private async giveUpOverdue(): Promise<void> {
    const lease_before = this.overdueBefore;
    if (lease_before === null) return;
    const input = { lease_before, limit: OVERDUE_AT_ONCE_MAX };
    const overdue = await this.needs.bus.query(queries.overdueOutgoing, { org: '', actor: system, input });
    this.overdueBefore = null;
    const left = overdue.filter((one) => !this.underWay.has(keyOf(one)));
    await Promise.all(
      byOrg(left).map(([org, message_ids]) =>
        this.needs.bus.execute(commands.giveUpOutgoing, {
          org,
          actor: system,
          input: { message_ids, lease_before },
        }),
      ),
    );
    if (left.length > 0) this.needs.log.warn({ count: left.length }, 'Nobody knows whether these were sent');
    if (overdue.length === OVERDUE_AT_ONCE_MAX) {
      this.overdueBefore = lease_before;
      this.lookAgain = left.length > 0;
    }
  }

  /** Takes as many messages as the route has room for. */
  private async fill(route: Route): Promise<void> {
    const room = route.atOnceMax - this.countOf(({ route: { via } }) => via === route.via);
    if (room <= 0) return;
    const due = await this.needs.bus.query(queries.dueOutgoing, {
      org: '',
      actor: system,
      input: {
        now: this.clock.now(),
        via: route.via,
        without_inboxes: this.fullInboxes(route),
        limit: room,
      },
    });
    const chosen = this.withinInboxes(route, due);
    const claimed = await Promise.all(byOrg(chosen).map(([org, ids]) => this.claim(route, org, ids)));
    for (const one of claimed.flat()) this.begin(route, one);
    // There may be more than was asked for, or than one inbox might have.
    if (claimed.flat().length > 0) this.lookAgain = true;
  }

  private fullInboxes({ via, perInboxMax }: Route): string[] {
    const counts = new Map<string, number>();
    for (const { route, inbox_id } of this.underWay.values())
      if (route.via === via) counts.set(inbox_id, (counts.get(inbox_id) ?? 0) + 1);
    return [...counts].filter(([, count]) => count >= perInboxMax).map(([inbox]) => inbox);
  }

  private withinInboxes(route: Route, due: readonly Due[]): Due[] {
    const counts = new Map<string, number>();
    return due.filter(({ inbox_id }) => {
      const count =
        counts.get(inbox_id) ??
        this.countOf((other) => other.route.via === route.via && other.inbox_id === inbox_id);
      counts.set(inbox_id, count + 1);
      return count < route.perInboxMax;
    });
  }

  private countOf(counts: (one: UnderWay) => boolean): number {
    return [...this.underWay.values()].filter(counts).length;
  }

  private async claim(route: Route, org: string, message_ids: string[]): Promise<readonly Claimed[]> {
    const lease_ms = route.attemptMaxMs + GRACE_MS + LEASE_MARGIN_MS;
    const input = { message_ids, lease_ms };
    return (await this.needs.bus.execute(commands.claimOutgoing, { org, actor: system, input })).result;
  }

  private begin(route: Route, claimed: Claimed): void {
    const key = keyOf(claimed.item);
    const giveUp = new AbortController();
    this.underWay.set(key, { route, inbox_id: claimed.item.inbox_id, giveUp });
    void this.attempt(route, claimed, giveUp).finally(() => {
      this.underWay.delete(key);
      if (this.underWay.size === 0) this.wakeStopping();
      this.look();
    });
  }

  /** Never rejects. */
  private async attempt(route: Route, claimed: Claimed, giveUp: AbortController): Promise<void> {
    const cancel = this.clock.after(route.attemptMaxMs, () => giveUp.abort());
    const attempted = await this.handOver(route, claimed.item, giveUp.signal);
    cancel();
    const isStopped = this.stopped && giveUp.signal.aborted;
    this.needs.counts?.handedOver(route.via, attempted.kind);
    await this.settle(claimed, this.outcomeOf(claimed.item, attempted, isStopped));
  }

  private handOver(route: Route, item: Outgoing, signal: AbortSignal): Promise<Attempted> {
    return new Promise((resolve) => {
      let cancel = () => {};
      const end = (attempted: Attempted) => {
        cancel();
        resolve(attempted);
      };
      signal.addEventListener('abort', () => {
        cancel = this.clock.after(GRACE_MS, () => end({ kind: 'unknown', says: NO_ANSWER }));
      });
      route.send(item, signal).then(end, (err) => {
        this.needs.log.error({ err, via: route.via, message_id: item.message_id }, 'A transport failed');
        end({ kind: 'unknown', says: BROKEN });
      });
    });
  }

  private outcomeOf({ attempts }: Outgoing, attempted: Attempted, isStopped: boolean): OutgoingOutcome {
    const says = attempted.says?.slice(0, SAYS_MAX_CHARS).replace(/[\ud800-\udbff]$/, '') ?? '';
    if (attempted.kind === 'sent')
      return { kind: 'sent', external_id: attempted.external_id, says: says || null };
    if (attempted.kind !== 'later') return { kind: attempted.kind, says };
    // Not the other side's doing: whoever comes next may try at once.
    if (isStopped) return { kind: 'later', after_ms: 0, says: RESTARTED };
    if (attempts >= ATTEMPTS_MAX) return { kind: 'failed', says: `${says} It was tried ${attempts} times.` };
    return { kind: 'later', after_ms: waitMs(attempts, attempted.after_ms, this.random), says };
  }

  /** What was done is done: it is recorded as soon as the store answers again. */
  private async settle({ item, lease_until }: Claimed, outcome: OutgoingOutcome): Promise<void> {
    const { org, message_id } = item;
    for (;;) {
      try {
        const input = { message_id, lease_until, outcome };
        await this.needs.bus.execute(commands.settleOutgoing, { org, actor: system, input });
        return;
      } catch (err) {
        this.needs.log.error({ err, message_id }, 'What became of a message could not be recorded');
        const isStore = err instanceof Failure && err.code.startsWith('store.');
        // Left as it is, it will be called unknown when its lease ends.
        if (!isStore) return;
        await new Promise<void>((resume) => this.clock.after(SETTLE_AGAIN_MS, resume));
      }
    }
  }
}

const NO_ANSWER =
  'Handing it over did not come to an end. It may or may not have been sent: check, then send again or mark as sent.';
const BROKEN =
  'Handing it over failed on our side. It may or may not have been sent: check, then send again or mark as sent.';
const RESTARTED = 'The server was restarted; it is sent as soon as it is back.';

function keyOf({ org, message_id }: { readonly org: string; readonly message_id: string }): string {
  return `${org} ${message_id}`;
}

function byOrg(due: readonly Due[]): [string, string[]][] {
  const groups = new Map<string, string[]>();
  for (const { org, message_id } of due) {
    const group = groups.get(org);
    if (group) group.push(message_id);
    else groups.set(org, [message_id]);
  }
  return [...groups];
}
