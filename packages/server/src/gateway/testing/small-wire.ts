import type { DownFrame } from '@roost/protocol';
import type { Wire } from '../wire.ts';
import { readFrames } from './frames.ts';

/** A socket whose other side takes everything at once, unless `queuedBytes` says otherwise. */
export class SmallWire implements Wire {
  queuedBytes = 0;
  isPaused = false;
  closedWith: number | null = null;
  /** Writes so far: what leaves together counts once. */
  writeCount = 0;
  private frames: DownFrame[] = [];

  /** What was written since the last look. */
  take(): DownFrame[] {
    return this.frames.splice(0);
  }

  write(bytes: readonly Buffer[]): void {
    this.writeCount += 1;
    for (const { text } of bytes.flatMap(readFrames)) this.frames.push(JSON.parse(text));
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
  }

  async close(code: number): Promise<void> {
    this.closedWith = code;
  }
}
