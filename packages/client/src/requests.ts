import type { DownFrame } from '@roost/protocol';
import { type ClientError, late, lost } from './client-error.ts';
import type { Clock, Random } from './clock.ts';

type AnswerFrame = Extract<DownFrame, { type: 'page' | 'ack' }>;

interface Pending {
  answer(frame: AnswerFrame): void;
  fail(error: ClientError): void;
  cancelDeadline(): void;
}

/**
 * Questions on the socket that are not answered yet. Answers are given by call and not by promise: a page belongs to
 * the very place in the stream at which it arrives, and a promise would hand it over after the frames behind it.
 */
export class Requests {
  private readonly pending = new Map<string, Pending>();
  /** The server answers a write with a known id from memory, whichever connection or page it came from. */
  private readonly prefix: string;
  private count = 0;

  constructor(
    private readonly clock: Clock,
    random: Random,
    private readonly deadlineMs: number,
  ) {
    this.prefix = Math.floor(random() * 2 ** 52).toString(36);
  }

  /**
   * @param own  the id of something that has one, whichever connection it goes by
   * @returns the id to send; exactly one of the two functions is called, once
   */
  open(answer: (frame: AnswerFrame) => void, fail: (error: ClientError) => void, own?: string): string {
    this.count += 1;
    const id = own ?? `${this.prefix}.${this.count}`;
    const cancelDeadline = this.clock.after(this.deadlineMs, () => this.fail(id, late()));
    this.pending.set(id, { answer, fail, cancelDeadline });
    return id;
  }

  answer(frame: AnswerFrame): void {
    this.take(frame.id)?.answer(frame);
  }

  fail(id: string, error: ClientError): void {
    this.take(id)?.fail(error);
  }

  /** The connection is gone, and the answers with it. */
  abandon(): void {
    for (const id of [...this.pending.keys()])
      this.fail(id, lost('The connection was lost before the answer came.'));
  }

  private take(id: string): Pending | undefined {
    const pending = this.pending.get(id);
    pending?.cancelDeadline();
    this.pending.delete(id);
    return pending;
  }
}
