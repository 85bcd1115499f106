// @vitest-environment jsdom
import type { Attachment } from '@roost/protocol';
import { expect, test } from 'vitest';
import { inlineImages, loadInlineImages } from './inline-images.ts';

const image = (index: number, more: Partial<Attachment> = {}): Attachment => ({
  index,
  filename: `${index}.png`,
  content_type: 'image/png',
  size_bytes: 100,
  content_id: `c${index}`,
  inline: true,
  ...more,
});
const indexes = (contentIds: string[], attachments: Attachment[]) =>
  inlineImages(contentIds, attachments).map(({ index }) => index);

test('only images that the HTML asks for are fetched', () => {
  expect(indexes(['c1', 'gone'], [image(0), image(1), image(2, { content_id: null })])).toEqual([1]);
});

test('only kinds of image that cannot run', () => {
  const kinds = ['image/svg+xml', 'text/html', 'application/pdf', 'IMAGE/JPEG'];
  const attachments = kinds.map((content_type, index) => image(index, { content_type }));
  expect(indexes(['c0', 'c1', 'c2', 'c3'], attachments)).toEqual([3]);
});

test('each and all together stay within their bounds', () => {
  const sizes = [5_000_001, 5_000_000, 5_000_000, 5_000_000, 1];
  const attachments = sizes.map((size_bytes, index) => image(index, { size_bytes }));
  expect(indexes(['c0', 'c1', 'c2', 'c3', 'c4'], attachments)).toEqual([1, 2, 3]);
});

test('an image that cannot be had is left out, the others are there', async () => {
  const wanted = inlineImages(['c0', 'c1'], [image(0), image(1)]);
  const loaded = await loadInlineImages(wanted, async (index) => {
    if (index === 0) throw new Error('gone');
    return new Blob([new Uint8Array([1, 2, 3])], { type: 'text/html' });
  });
  expect([...loaded]).toEqual([['c1', 'data:image/png;base64,AQID']]);
});
