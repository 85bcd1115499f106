import { z } from 'zod';

/** Something that goes wrong with the next calls, or with the next webhooks. */
export const fault = z.object({
  /** Which calls: sending, read marks, uploads, finding a file, fetching it, listing templates; or any. */
  on: z
    .enum(['messages', 'read_marks', 'upload', 'media', 'download', 'templates', 'any'])
    .default('messages'),
  what: z.discriminatedUnion('kind', [
    /** Answered by an error of the API. */
    z.object({
      kind: z.literal('error'),
      status: z.int().min(300).max(599).default(400),
      code: z.int().default(131000),
      message: z.string().max(500).default('Something went wrong'),
      details: z.string().max(500).default(''),
      retry_after: z.string().max(60).nullable().default(null),
    }),
    /** Answered by a page that no API wrote, as a proxy does. */
    z.object({ kind: z.literal('page'), status: z.int().min(200).max(599).default(502) }),
    /** The connection ends before anything is done. */
    z.object({ kind: z.literal('cut') }),
    /** What was asked is done, and the connection ends before the answer. */
    z.object({ kind: z.literal('cut_after') }),
    /** What was asked is done, and the answer says nothing of it. */
    z.object({ kind: z.literal('strange') }),
    /** The answer comes later. */
    z.object({ kind: z.literal('slow'), ms: z.int().min(0).max(600_000) }),
    /** Taken, and a webhook then says that it failed. */
    z.object({ kind: z.literal('failed_status'), code: z.int().default(131026) }),
  ]),
  times: z.int().min(1).max(10_000).default(1),
});
export type Fault = z.output<typeof fault>;
export type FaultInput = z.input<typeof fault>;
export type Call = Exclude<Fault['on'], 'any'>;

const WAITING_MAX = 1_000;

/** Faults that wait for their call, first come first served. */
export class Faults {
  private waiting: { fault: Fault; left: number }[] = [];

  add(input: FaultInput): void {
    const one = fault.parse(input);
    if (this.waiting.length >= WAITING_MAX) throw new RangeError(`At most ${WAITING_MAX} faults wait.`);
    this.waiting.push({ fault: one, left: one.times });
  }

  take(call: Call): Fault['what'] | null {
    const found = this.waiting.find(({ fault }) => fault.on === call || fault.on === 'any');
    if (!found) return null;
    found.left -= 1;
    if (found.left === 0) this.waiting = this.waiting.filter((one) => one !== found);
    return found.fault.what;
  }

  clear(): void {
    this.waiting = [];
  }

  get count(): number {
    return this.waiting.reduce((sum, { left }) => sum + left, 0);
  }
}
