import type { SMTPServerDataStream } from 'smtp-server';
import type { ByteBudget } from './byte-budget.ts';

/** What came of the bytes after DATA. What was taken from the budget is still taken, and is `held`. */
export type Received =
  | { readonly kind: 'mail'; readonly source: Buffer; readonly held: number }
  /** Larger than announced as the limit; nothing of it is held. */
  | { readonly kind: 'too big' }
  /** No room beside the mails of others; nothing of it is held. */
  | { readonly kind: 'no room' }
  /** The client left in the middle. */
  | { readonly kind: 'cut off' };

/**
 * Takes a mail in. One that cannot be kept is read to its end all the same, because only then may SMTP answer; its
 * bytes are dropped as they come.
 *
 * @param onFlood  called once when a mail too big goes on for `floodBytes`
 */
export function receive(
  stream: SMTPServerDataStream,
  budget: ByteBudget,
  floodBytes: number,
  onFlood: () => void,
): Promise<Received> {
  return new Promise((resolve) => {
    let chunks: Buffer[] = [];
    let held = 0;
    let refused: 'too big' | 'no room' | null = null;
    let isFlood = false;
    const drop = () => {
      chunks = [];
      budget.give(held);
      held = 0;
    };
    stream.on('data', (chunk: Buffer) => {
      if (refused === null && stream.sizeExceeded) {
        refused = 'too big';
        drop();
      } else if (refused === null && !budget.take(chunk.length)) {
        refused = 'no room';
        drop();
      } else if (refused === null) {
        held += chunk.length;
        chunks.push(chunk);
      } else if (stream.byteLength > floodBytes && !isFlood) {
        isFlood = true;
        onFlood();
      }
    });
    stream.on('end', () => {
      if (stream.sizeExceeded && refused === null) {
        refused = 'too big';
        drop();
      }
      resolve(refused === null ? { kind: 'mail', source: Buffer.concat(chunks), held } : { kind: refused });
    });
    const cutOff = () => {
      drop();
      resolve({ kind: 'cut off' });
    };
    // 'close' follows 'end' too; the promise is settled then, and what is held stays held.
    stream.on('error', cutOff);
    stream.on('close', () => {
      if (!stream.readableEnded) cutOff();
    });
  });
}
