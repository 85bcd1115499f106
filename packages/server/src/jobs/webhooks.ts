import { Failure } from '@roost/protocol';
import { type Clock, every, type Random } from '../clock.ts';
import type { LogEntry } from '../commands/index.ts';
import {
  type ClaimedDelivery,
  commands,
  type DeliveryOutcome,
  type DueDelivery,
  queries,
} from '../domain/index.ts';
import type { WebhookAnswer, WebhookNeeds } from './webhook-needs.ts';
import { askedWaitMs, webhookWaitMs } from './webhook-pace.ts';

/** What other nodes have committed, and what is due again, is seen within it. */
const LOOK_EVERY_MS = 1_000;
/** What was committed here is looked at once it has settled for so long: many commits are one look. */
const LOOK_SOON_MS = 20;
/** A receiver that has not answered by then has not taken it. */
const ATTEMPT_MAX_MS = 15_000;
/** An attempt that nobody settled is made again once its lease is over: the process that made it is gone. */
const LEASE_MS = ATTEMPT_MAX_MS + 45_000;
const AT_ONCE_MAX = 32;
/** Of these, to one webhook: so that one that is slow keeps none of the others waiting. */
const PER_WEBHOOK_MAX = 4;
/** Stopping lets requests end by themselves for so long, and breaks them off then. */
const STOP_MAX_MS = 3_000;
const TRIM_EVERY_MS = 60 * 60_000;
/** How long what was sent stays to be looked at, and to be sent again. */
export const DELIVERIES_KEPT_MS = 7 * 24 * 3_600_000;

const system = { kind: 'system', name: 'webhooks' } as const;

interface UnderWay {
  readonly webhook_id: string;
  readonly breakOff: AbortController;
}

/**
 * Follows the logs of the organisations that have webhooks, notes what is to be sent, and sends it: at least once,
 * with an id by which the receiver knows a repeat. Several nodes may do it: the store gives each delivery to one.
 */
export class Webhooks {
  private readonly underWay = new Map<string, UnderWay>();
  private readonly cancels: readonly (() => void)[];
  private cancelSoon: (() => void) | null = null;
  private looking: Promise<void> | null = null;
  private lookAgain = false;
  /** Whether anybody had a webhook when it was last looked. */
  private isAny = true;
  private isTroubled = false;
  private stopped = false;
  private wakeStopping = () => {};

  constructor(
    private readonly needs: WebhookNeeds,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {
    this.cancels = [
      every(clock, LOOK_EVERY_MS, () => this.look()),
      every(clock, TRIM_EVERY_MS, () => this.trim()),
    ];
    this.look();
  }

  /** Hears of what was committed here. */
  hear(_: readonly LogEntry[]): void {
    if (!this.isAny || this.stopped || this.cancelSoon) return;
    this.cancelSoon = this.clock.after(LOOK_SOON_MS, () => {
      this.cancelSoon = null;
      this.look();
    });
  }

  /** Begins nothing more, and resolves once nothing is under way. What was broken off is sent by whoever comes next. */
  async stop(): Promise<void> {
    this.stopped = true;
    for (const cancel of this.cancels) cancel();
    this.cancelSoon?.();
    await this.looking;
    if (this.underWay.size === 0) return;
    const ended = new Promise<void>((resolve) => {
      this.wakeStopping = resolve;
    });
    const cancel = this.clock.after(STOP_MAX_MS, () => {
      for (const { breakOff } of this.underWay.values()) breakOff.abort();
    });
    await ended;
    cancel();
  }

  private look(): void {
    this.lookAgain = true;
    if (this.stopped) return;
    this.looking ??= this.lookUntilQuiet().finally(() => {
      this.looking = null;
      if (this.lookAgain && !this.isTroubled) this.look();
    });
  }

  /** Never rejects: what fails now is found again by the next look. */
  private async lookUntilQuiet(): Promise<void> {
    try {
      while (this.lookAgain && !this.stopped) {
        this.lookAgain = false;
        const { orgs, isAny } = await this.needs.bus.query(queries.webhooksBehind, {
          org: '',
          actor: system,
          input: {},
        });
        this.isAny = isAny;
        for (const org of orgs) await this.follow(org);
        if (isAny) await this.fill();
      }
      this.isTroubled = false;
    } catch (err) {
      if (!this.isTroubled) this.needs.log.error({ err }, 'What is to be sent to webhooks could not be read');
      this.isTroubled = true;
    }
  }

  /** Notes what the log of an organisation holds for its webhooks, a page at a time: others have their turn between. */
  private async follow(org: string): Promise<void> {
    const upcoming = await this.needs.bus.query(queries.upcomingDeliveries, {
      org,
      actor: system,
      input: {},
    });
    if (!upcoming) return;
    const { from, to, deliveries, lostCount, isMore } = upcoming;
    const input = { from, to, deliveries: [...deliveries] };
    await this.needs.bus.execute(commands.noteDeliveries, { org, actor: system, input });
    if (lostCount > 0)
      this.needs.log.warn(
        { org, count: lostCount },
        'Entries left the log before their webhooks heard of them',
      );
    if (isMore) this.lookAgain = true;
  }

  private async fill(): Promise<void> {
    const room = AT_ONCE_MAX - this.underWay.size;
    if (room <= 0) return;
    const counts = this.countsByWebhook();
    const without = [...counts].filter(([, count]) => count >= PER_WEBHOOK_MAX).map(([id]) => id);
    const input = { now: this.clock.now(), without, limit: room };
    const due = await this.needs.bus.query(queries.dueDeliveries, { org: '', actor: system, input });
    const chosen = due.filter(({ webhook_id }) => {
      const count = counts.get(webhook_id) ?? 0;
      counts.set(webhook_id, count + 1);
      return count < PER_WEBHOOK_MAX;
    });
    const claimed = await Promise.all(byOrg(chosen).map(([org, some]) => this.claim(org, some)));
    for (const one of claimed.flat()) this.begin(one);
    // Some were left out for their webhook's sake: others may stand behind them.
    if (chosen.length < due.length) this.lookAgain = true;
  }

  private countsByWebhook(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { webhook_id } of this.underWay.values())
      counts.set(webhook_id, (counts.get(webhook_id) ?? 0) + 1);
    return counts;
  }

  private async claim(org: string, some: readonly DueDelivery[]): Promise<readonly ClaimedDelivery[]> {
    const deliveries = some.map(({ webhook_id, id }) => ({ webhook_id, id }));
    const input = { deliveries, lease_ms: LEASE_MS };
    return (await this.needs.bus.execute(commands.claimDeliveries, { org, actor: system, input })).result;
  }

  private begin(claimed: ClaimedDelivery): void {
    const key = `${claimed.webhook_id} ${claimed.id} ${claimed.attempts}`;
    const breakOff = new AbortController();
    this.underWay.set(key, { webhook_id: claimed.webhook_id, breakOff });
    void this.attempt(claimed, breakOff).finally(() => {
      this.underWay.delete(key);
      if (this.underWay.size === 0) this.wakeStopping();
      this.look();
    });
  }

  /** Never rejects. */
  private async attempt(claimed: ClaimedDelivery, breakOff: AbortController): Promise<void> {
    const cancel = this.clock.after(ATTEMPT_MAX_MS, () => breakOff.abort());
    const answer = await this.needs.send(claimed, breakOff.signal);
    cancel();
    const isBrokenOff = this.stopped && breakOff.signal.aborted && answer.kind === 'unanswered';
    await this.settle(claimed, isBrokenOff ? { kind: 'broken_off' } : this.outcomeOf(claimed, answer));
  }

  private outcomeOf({ attempts }: ClaimedDelivery, answer: WebhookAnswer): DeliveryOutcome {
    if (answer.kind === 'unanswered') {
      const after_ms = webhookWaitMs(attempts, null, this.random);
      return { kind: 'refused', answered: null, says: answer.says, after_ms, is_gone: false };
    }
    const { status, says, retryAfter } = answer;
    if (status >= 200 && status < 300) return { kind: 'delivered', answered: status, says: says || null };
    const asked = status === 429 || status === 503 ? askedWaitMs(retryAfter, this.clock.now()) : null;
    return {
      kind: 'refused',
      answered: status,
      says: sentenceOf(status, says),
      after_ms: webhookWaitMs(attempts, asked, this.random),
      is_gone: status === 410,
    };
  }

  /** What cannot be recorded now is sent again when its lease is over, with the same id. */
  private async settle(
    { org, webhook_id, id, attempts }: ClaimedDelivery,
    outcome: DeliveryOutcome,
  ): Promise<void> {
    try {
      const input = { webhook_id, id, attempts, outcome };
      await this.needs.bus.execute(commands.settleDelivery, { org, actor: system, input });
    } catch (err) {
      const isStore = err instanceof Failure && err.code.startsWith('store.');
      if (!isStore || !this.stopped)
        this.needs.log.error(
          { err, webhook_id, id },
          'What became of a webhook delivery could not be recorded',
        );
    }
  }

  private async trim(): Promise<void> {
    try {
      const orgs = await this.needs.bus.query(queries.listOrganisations, {
        org: '',
        actor: system,
        input: {},
      });
      const input = { before: this.clock.now() - DELIVERIES_KEPT_MS };
      for (const { id: org } of orgs)
        while (
          !this.stopped &&
          (await this.needs.bus.execute(commands.trimDeliveries, { org, actor: system, input })).result
        );
    } catch (err) {
      this.needs.log.error({ err }, 'Old webhook deliveries could not be dropped');
    }
  }
}

function sentenceOf(status: number, says: string): string {
  const said = says === '' ? '' : ` “${says}”`;
  if (status >= 300 && status < 400) return `The receiver answered ${status}: redirects are not followed.`;
  return `The receiver answered ${status}.${said}`;
}

function byOrg(due: readonly DueDelivery[]): [string, DueDelivery[]][] {
  const groups = new Map<string, DueDelivery[]>();
  for (const one of due) {
    const group = groups.get(one.org);
    if (group) group.push(one);
    else groups.set(one.org, [one]);
  }
  return [...groups];
}
