import type { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import * as ws from 'ws';
import { encodeFrame } from './frame.ts';
import { Rate } from './rate.ts';
import { readFrames } from './testing/frames.ts';

/** The library's own reader, which its types leave out. */
const { Receiver } = ws as unknown as { Receiver: new (options: { isServer: boolean }) => Writable };

test.each([0, 1, 125, 126, 65_535, 65_536, 200_000])(
  'a frame of %i bytes is one that the library reads',
  async (length) => {
    const text = 'é'.repeat(length >> 1) + 'x'.repeat(length % 2);
    const receiver = new Receiver({ isServer: false });
    const heard = new Promise<string>((resolve, reject) => {
      receiver.on('message', (data: Buffer) => resolve(data.toString()));
      receiver.on('error', reject);
    });
    receiver.write(encodeFrame(text));
    expect(await heard).toBe(text);
    expect(readFrames(Buffer.concat([encodeFrame(text), encodeFrame('b')]))).toMatchObject([
      { text },
      { text: 'b' },
    ]);
  },
);

test('a rate allows a burst, then so many a second, and never saves up more than the burst', () => {
  const rate = new Rate(3, 2, 0);
  const taken = (now: number) => [1, 2, 3, 4].filter(() => rate.take(now)).length;
  expect([taken(0), taken(1_000), taken(100_000), taken(100_000)]).toEqual([3, 2, 3, 0]);
});

test('a clock that steps back gives nothing and takes nothing', () => {
  const rate = new Rate(1, 1, 10_000);
  expect([rate.take(10_000), rate.take(5_000), rate.take(6_000)]).toEqual([true, false, true]);
});
