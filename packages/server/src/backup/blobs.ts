import { createHash } from 'node:crypto';

/** Blobs read or written at once: enough to keep a disk busy, and some times the largest mail in memory. */
const AT_ONCE = 8;

export function isDigestOf(digest: string, bytes: Uint8Array): boolean {
  return createHash('sha256').update(bytes).digest('hex') === digest;
}

/** Runs `run` for each item, some at once. Rejects with the first failure, when none runs any more. */
export async function forEach<T>(items: AsyncGenerator<T>, run: (item: T) => Promise<void>): Promise<void> {
  let failed = false;
  const worker = async () => {
    try {
      for (;;) {
        const next = await items.next();
        if (next.done || failed) return;
        await run(next.value);
      }
    } catch (error) {
      failed = true;
      throw error;
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: AT_ONCE }, worker));
  await items.return(undefined);
  const failure = ended.find((one) => one.status === 'rejected');
  if (failure) throw failure.reason;
}
