import { Failure } from '@roost/protocol';
import type { Clock } from '../clock.ts';
import type { CommandBus } from '../commands/index.ts';
import { ATTEMPTS_AT_ONCE, ATTEMPTS_KEPT_COUNT, type Attempt, commands, queries } from '../domain/index.ts';

/** How long what is noted waits for company; lost with a crash, and nothing else is. */
const WAIT_MS = 1_000;
/** Waiting to be written; past it more are forgotten than a store in trouble could take. */
const WAITING_MAX_COUNT = 10_000;
/** After so many the oldest are looked for; housekeeping does it too, but a flood is faster than an hour. */
const TRIM_AFTER_COUNT = ATTEMPTS_KEPT_COUNT / 5;
const ADDRESS_MAX_CHARS = 320;
const RECIPIENTS_MAX = 100;
const SAYS_MAX_CHARS = 1_000;

const system = { kind: 'system', name: 'ingest' } as const;

/** One attempt, as a door tells of it. */
export type Noted = Omit<Attempt, 'at' | 'code' | 'says'> & {
  /** What it was refused with; null where it was not. */
  readonly error: unknown;
};

export interface Attempts {
  /** @param org  null where the attempt was for nobody here: those who run the server are told */
  note(org: string | null, attempt: Noted): void;
}

interface AttemptNeeds {
  readonly bus: Pick<CommandBus, 'execute' | 'query'>;
  readonly clock: Clock;
  readonly log: { warn(about: object, says: string): void };
}

/** Writes down what comes to the doors, in batches and beside the mail itself: no mail waits for it. */
export class AttemptLedger implements Attempts {
  private readonly waiting = new Map<string | null, Attempt[]>();
  private waitingCount = 0;
  private lostCount = 0;
  private readonly sinceTrim = new Map<string, number>();
  private stopTimer: (() => void) | null = null;
  private writing: Promise<void> = Promise.resolve();

  constructor(private readonly needs: AttemptNeeds) {}

  note(org: string | null, { error, ...said }: Noted): void {
    if (this.waitingCount >= WAITING_MAX_COUNT) {
      this.lostCount += 1;
      return;
    }
    const attempt: Attempt = {
      at: this.needs.clock.now(),
      way: said.way,
      sender: storable(said.sender).slice(0, ADDRESS_MAX_CHARS),
      recipients: said.recipients
        .slice(0, RECIPIENTS_MAX)
        .map((address) => storable(address).replaceAll(' ', '').slice(0, ADDRESS_MAX_CHARS)),
      size_bytes: said.size_bytes,
      outcome: said.outcome,
      code: error === null ? null : error instanceof Failure ? error.code : 'server.failed',
      says: error === null ? null : wordsOf(error),
    };
    const waiting = this.waiting.get(org);
    if (waiting) waiting.push(attempt);
    else this.waiting.set(org, [attempt]);
    this.waitingCount += 1;
    this.stopTimer ??= this.needs.clock.after(WAIT_MS, () => void this.flush());
  }

  /** Resolves once all that was noted is written, or given up. Never rejects. */
  flush(): Promise<void> {
    this.stopTimer?.();
    this.stopTimer = null;
    this.writing = this.writing.then(() => this.write());
    return this.writing;
  }

  private async write(): Promise<void> {
    const batches = [...this.waiting];
    this.waiting.clear();
    this.waitingCount = 0;
    if (this.lostCount > 0) {
      this.needs.log.warn(
        { count: this.lostCount },
        'Attempts to bring mail were too many to be written down',
      );
      this.lostCount = 0;
    }
    for (const [org, attempts] of batches) {
      try {
        const whose = org ?? (await this.operator());
        if (whose === null) continue;
        for (let at = 0; at < attempts.length; at += ATTEMPTS_AT_ONCE)
          await this.execute(whose, attempts.slice(at, at + ATTEMPTS_AT_ONCE));
        await this.trim(whose, attempts.length);
      } catch (err) {
        this.needs.log.warn(
          { err, count: attempts.length },
          'Attempts to bring mail could not be written down',
        );
      }
    }
  }

  private async execute(org: string, attempts: Attempt[]): Promise<void> {
    await this.needs.bus.execute(commands.noteAttempts, { org, actor: system, input: { attempts } });
  }

  private async trim(org: string, count: number): Promise<void> {
    const since = (this.sinceTrim.get(org) ?? 0) + count;
    this.sinceTrim.set(org, since % TRIM_AFTER_COUNT);
    if (since < TRIM_AFTER_COUNT) return;
    const call = { org, actor: system, input: { before: 0 } };
    for (let isMore = true; isMore; )
      isMore = (await this.needs.bus.execute(commands.trimAttempts, call)).result;
  }

  /** Mail for nobody is for those to know who run the server: the first organisation. */
  private async operator(): Promise<string | null> {
    const orgs = await this.needs.bus.query(queries.listOrganisations, { org: '', actor: system, input: {} });
    return orgs[0]?.id ?? null;
  }
}

/** What was refused, as its sender was told. */
function wordsOf(error: unknown): string {
  const says = error instanceof Failure ? error.message : 'Something failed on our side; try later';
  return storable(says).slice(0, SAYS_MAX_CHARS);
}

function storable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}]/gu, '');
}
