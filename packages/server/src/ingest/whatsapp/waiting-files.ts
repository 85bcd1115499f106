import { type Clock, every, type Random } from '../../clock.ts';
import type { CommandBus } from '../../commands/index.ts';
import { commands, queries, type WaitingFile } from '../../domain/index.ts';

/** What other nodes have taken in, and what is due again, is seen within it. */
const LOOK_EVERY_MS = 5_000;
/** Files at the same time; each may be as large as a file may be, and is held in memory meanwhile. */
const AT_ONCE_MAX = 4;
const DUE_MAX = 50;
const ATTEMPT_MAX_MS = 120_000;
/** A lease outlasts the attempt it is for: clocks of several nodes differ, and a store may be slow. */
const LEASE_MS = ATTEMPT_MAX_MS + 60_000;
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 6 * 3_600_000;
/** Two days and a half; the platform keeps files for seven. */
const ATTEMPTS_MAX = 20;
const STOP_MAX_MS = 3_000;

const system = { kind: 'system', name: 'whatsapp files' } as const;

export type FetchedFile =
  | { readonly kind: 'fetched'; readonly bytes: Buffer; readonly content_type: string }
  | { readonly kind: 'later'; readonly after_ms: number | null; readonly says: string }
  | { readonly kind: 'failed'; readonly says: string };

export interface WaitingFilesNeeds {
  readonly bus: Pick<CommandBus, 'execute' | 'query'>;
  readonly blobs: { put(bytes: Uint8Array): Promise<string> };
  fetch(file: WaitingFile, signal: AbortSignal): Promise<FetchedFile>;
  readonly log: { error(about: object, says: string): void };
}

/** Fetches what people have sent, behind the back of the webhook: the message is there before its file is. */
export class WaitingFiles {
  private readonly underWay = new Map<string, Promise<void>>();
  private readonly ending = new AbortController();
  private readonly stopLooking: () => void;
  private looking: Promise<void> | null = null;
  private lookAgain = false;
  private stopped = false;

  constructor(
    private readonly needs: WaitingFilesNeeds,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {
    this.stopLooking = every(clock, LOOK_EVERY_MS, () => this.look());
    this.look();
  }

  /** There may be something to fetch. */
  look(): void {
    this.lookAgain = true;
    if (this.stopped || this.looking !== null) return;
    this.looking = this.lookUntilQuiet().finally(() => {
      this.looking = null;
    });
  }

  /** Begins nothing more; what is under way is given up, and fetched by whoever comes next. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.stopLooking();
    this.ending.abort();
    let cancel = () => {};
    const late = new Promise<void>((resolve) => {
      cancel = this.clock.after(STOP_MAX_MS, resolve);
    });
    await Promise.race([Promise.allSettled([this.looking, ...this.underWay.values()]), late]);
    cancel();
  }

  /** Never rejects: what fails now is found again by the next look. */
  private async lookUntilQuiet(): Promise<void> {
    try {
      while (this.lookAgain && !this.stopped && this.underWay.size < AT_ONCE_MAX) {
        this.lookAgain = false;
        const input = { now: this.clock.now(), limit: DUE_MAX };
        const due = await this.needs.bus.query(queries.dueWhatsAppFiles, { org: '', actor: system, input });
        for (const file of due) {
          const key = `${file.org} ${file.message_id} ${file.part}`;
          if (this.stopped || this.underWay.size >= AT_ONCE_MAX || this.underWay.has(key)) continue;
          const attempt = this.attempt(file).finally(() => {
            this.underWay.delete(key);
            this.look();
          });
          this.underWay.set(key, attempt);
        }
      }
    } catch (err) {
      this.needs.log.error({ err }, 'Files to fetch could not be looked for');
    }
  }

  private async attempt(file: WaitingFile): Promise<void> {
    const { bus, log } = this.needs;
    const { org, message_id, part } = file;
    try {
      const claim = { message_id, part, lease_ms: LEASE_MS };
      const { result } = await bus.execute(commands.claimWhatsAppFile, { org, actor: system, input: claim });
      if (!result) return;
      const outcome = await this.outcomeOf(file);
      const input = { message_id, part, outcome };
      await bus.execute(commands.settleWhatsAppFile, { org, actor: system, input });
    } catch (err) {
      // The lease ends, and somebody tries again.
      log.error({ err, message_id }, 'A file could not be fetched');
    }
  }

  private async outcomeOf(file: WaitingFile) {
    const fetched = await this.fetch(file);
    if (fetched.kind === 'fetched') {
      const digest = await this.needs.blobs.put(fetched.bytes);
      const content_type = (fetched.content_type.split(';')[0] ?? '').trim().slice(0, 200);
      return { kind: 'fetched', digest, size_bytes: fetched.bytes.length, content_type } as const;
    }
    if (fetched.kind === 'failed') return { kind: 'failed', says: fetched.says } as const;
    if (file.attempts + 1 >= ATTEMPTS_MAX) return { kind: 'failed', says: fetched.says } as const;
    return { kind: 'later', after_ms: this.waitMs(file.attempts, fetched.after_ms) } as const;
  }

  private async fetch(file: WaitingFile): Promise<FetchedFile> {
    const giveUp = new AbortController();
    const stop = () => giveUp.abort();
    const cancel = this.clock.after(ATTEMPT_MAX_MS, stop);
    this.ending.signal.addEventListener('abort', stop);
    try {
      return await this.needs.fetch(file, giveUp.signal);
    } finally {
      cancel();
      this.ending.signal.removeEventListener('abort', stop);
    }
  }

  private waitMs(attempts: number, askedMs: number | null): number {
    const usual = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempts);
    return Math.max(Math.round(usual * (0.75 + this.random() * 0.5)), askedMs ?? 0);
  }
}
