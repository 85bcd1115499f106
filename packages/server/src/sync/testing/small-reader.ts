import type { DownFrame, Failure } from '@roost/protocol';
import type { Deliver } from '../join.ts';
import type { EncodeFrame, Identity } from '../needs.ts';
import type { Reader, Subscription } from '../reader.ts';
import { ORG } from './small-log.ts';

/** One frame a line, so that a test can read what was joined. */
export const encodeLine: EncodeFrame = (text) => Buffer.from(`${text}\n`);

/** A reader whose network takes everything, until the test says otherwise. */
export class SmallReader implements Reader {
  readonly subscriptions: Subscription[] = [];
  readonly identity: Identity;
  readonly refusals: string[] = [];
  /** What it was told, cut by cut. */
  readonly cuts: DownFrame[][] = [];
  isOpen = true;
  isCatchingUp = false;
  stoppedAt: number | null = null;
  isReopening = false;
  resyncCount = 0;
  reopenCount = 0;
  /** Stops with the next cut. */
  isSlow = false;
  private queued: Buffer[] = [];
  private told = 0;
  private waiting: (() => void)[] = [];

  constructor(userId = 'u1', scopes: readonly 'read'[] | null = null) {
    const actor = scopes
      ? ({ kind: 'token', user_id: userId, token_id: 't', scopes } as const)
      : ({ kind: 'member', user_id: userId, session_id: 's' } as const);
    this.identity = { org: ORG, user_id: userId, actor };
  }

  get last(): DownFrame[] {
    return this.cuts.at(-1) ?? [];
  }

  readonly deliver: Deliver = (_, frames) => {
    if (frames.length > 0) this.cuts.push(frames.flatMap((frame) => linesOf(frame)));
  };

  queue(bytes: Buffer, frameCount: number, offset: number): void {
    this.queued.push(bytes);
    this.told = Math.max(this.told, offset);
    if (linesOf(bytes).length !== frameCount) throw new Error('The frames were counted wrongly');
  }

  flush(): void {
    if (this.queued.length === 0) return;
    this.cuts.push(this.queued.flatMap((bytes) => linesOf(bytes)));
    this.queued = [];
    if (this.isSlow) this.stoppedAt = this.told;
  }

  /** The test brings it up to date, as a connection would do by itself. */
  reopen(): void {
    this.reopenCount += 1;
    this.isReopening = true;
    this.queued = [];
    this.stoppedAt ??= this.told;
  }

  goOn(): void {
    this.stoppedAt = null;
    this.isReopening = false;
    for (const resolve of this.waiting.splice(0)) resolve();
  }

  untilLive(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  refused({ code }: Failure): void {
    this.refusals.push(code);
  }

  resync(): void {
    this.resyncCount += 1;
    this.isOpen = false;
  }
}

function linesOf(frame: string | Buffer): DownFrame[] {
  return frame
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as DownFrame);
}
