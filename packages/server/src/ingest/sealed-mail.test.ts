import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { mailToArrival } from './mail.ts';
import { parseMail } from './mime.ts';
import { sealedMails } from './testing/golden/sealed-mails.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** What is signed, from behind the first delimiter to before the next, as whoever checks the signature cuts it out. */
function signedPart(source: Buffer): Buffer | null {
  const boundary = /multipart\/signed;(?:[^\n]*\n\s)*?[^\n]*boundary="([^"]+)"/.exec(
    source.toString('latin1'),
  )?.[1];
  if (boundary === undefined) return null;
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  const start = source.indexOf('\r\n', source.indexOf(delimiter) + 2) + 2;
  return source.subarray(start, source.indexOf(delimiter, start));
}

test('signed and encrypted mail is kept byte for byte, so that a signature can still be checked', async () => {
  const held = new Map<string, Buffer>();
  const blobs = {
    put: async (bytes: Uint8Array) => {
      held.set(sha256(bytes), Buffer.from(bytes));
      return sha256(bytes);
    },
  };
  let signed = 0;
  for (const { name, source } of sealedMails) {
    const before = Buffer.from(source);
    const { source: digest } = await mailToArrival(source, ['bob@qa.test'], { blobs, parse: parseMail });
    const kept = held.get(digest as string) as Buffer;
    expect(kept.equals(before), name).toBe(true);
    const part = signedPart(before);
    if (part === null) continue;
    signed += 1;
    expect(part.length, name).toBeGreaterThan(40);
    expect(signedPart(kept)?.equals(part), name).toBe(true);
  }
  expect(signed).toBe(3);
});
