import { Worker } from 'node:worker_threads';
import { Failure } from '@roost/protocol';
import { type Clock, systemClock } from '../clock.ts';
import type { Log } from '../log.ts';
import {
  PARSE_HERE_MAX_BYTES,
  PARSE_QUEUE_MAX_BYTES,
  PARSE_QUEUE_MAX_MAILS,
  THREAD_DEADLINE_MS,
  THREAD_HEAP_MAX_MB,
} from './mime/limits.ts';
import { type ToParse, withBuffers } from './mime/thread-message.ts';
import { type ParsedMail, parseMail, unreadMail } from './mime.ts';

interface Job {
  readonly source: Buffer;
  readonly resolve: (mail: ParsedMail) => void;
  readonly reject: (failure: Failure) => void;
}

/**
 * Reads mails, small ones at once and large ones one after the other in a thread of their own. A mail that the
 * thread dies of or never ends with is told as unread, and the thread is replaced.
 */
export class MimePool {
  private readonly queue: Job[] = [];
  private queuedBytes = 0;
  private thread: Worker | null = null;
  private current: Job | null = null;
  private stopClock = () => {};
  private closed = false;

  /**
   * @param entry         the thread's built module; null reads everything here
   * @param hereMaxBytes  a larger mail is read in the thread
   */
  constructor(
    private readonly entry: URL | null,
    private readonly log: Pick<Log, 'warn'>,
    private readonly clock: Clock = systemClock,
    private readonly hereMaxBytes: number = PARSE_HERE_MAX_BYTES,
  ) {}

  /**
   * @throws request.too_many  too many large mails wait already
   * @throws server.draining  the pool was closed before the mail's turn came
   */
  readonly parse = async (source: Buffer): Promise<ParsedMail> => {
    if (this.entry === null || source.length <= this.hereMaxBytes) return parseMail(source, this.clock);
    if (this.closed) throw new Failure('server.draining');
    const bytes = this.queuedBytes + source.length;
    if (this.queue.length >= PARSE_QUEUE_MAX_MAILS || bytes > PARSE_QUEUE_MAX_BYTES) {
      throw new Failure('request.too_many', 'Too many large mails arrive at once; try later.');
    }
    return new Promise((resolve, reject) => {
      this.queuedBytes = bytes;
      this.queue.push({ source, resolve, reject });
      this.next();
    });
  };

  async close(): Promise<void> {
    this.closed = true;
    for (const job of [...this.queue.splice(0), ...(this.current ? [this.current] : [])]) {
      job.reject(new Failure('server.draining'));
    }
    this.queuedBytes = 0;
    this.current = null;
    this.stopClock();
    const { thread } = this;
    this.thread = null;
    await thread?.terminate();
  }

  private next(): void {
    if (this.current !== null || this.entry === null) return;
    const job = this.queue.shift();
    if (!job) return;
    this.queuedBytes -= job.source.length;
    this.current = job;
    this.thread ??= this.start(this.entry);
    this.stopClock = this.clock.after(THREAD_DEADLINE_MS, () => this.lose('took too long'));
    // A copy, because the sender's bytes are stored meanwhile.
    const source = new Uint8Array(job.source);
    const message: ToParse = { source };
    this.thread.ref();
    this.thread.postMessage(message, [source.buffer]);
  }

  private start(entry: URL): Worker {
    const thread = new Worker(entry, { resourceLimits: { maxOldGenerationSizeMb: THREAD_HEAP_MAX_MB } });
    thread.on('message', (mail: ParsedMail) => {
      if (thread === this.thread) this.finish(withBuffers(mail));
    });
    // A thread that was replaced may still have something to say; it is recognised and not heard.
    thread.on('error', (error) => {
      if (thread === this.thread) this.lose(error.message);
    });
    thread.on('messageerror', (error) => {
      if (thread === this.thread) this.lose(error.message);
    });
    thread.on('exit', () => {
      if (thread === this.thread) this.lose('ended');
    });
    return thread;
  }

  private finish(mail: ParsedMail): void {
    const job = this.current;
    this.stopClock();
    this.current = null;
    // Waiting for mail does not keep a process alive that has nothing else to do.
    this.thread?.unref();
    job?.resolve(mail);
    this.next();
  }

  private lose(reason: string): void {
    const { thread, current } = this;
    this.thread = null;
    void thread?.terminate();
    this.log.warn({ reason, size_bytes: current?.source.length }, 'the thread that reads mail is replaced');
    if (current) this.finish(unreadMail(current.source, 'It could not be read: its reader gave up.'));
  }
}
