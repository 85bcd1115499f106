// @vitest-environment jsdom
import { beforeEach, expect, test } from 'vitest';
import { allowSender, forbidSender, isSenderAllowed } from './remote-allowed.ts';
import { loadRemoteImages } from './remote-images.ts';

beforeEach(() => localStorage.clear());

const gif = () => new Blob([new Uint8Array([1, 2, 3])], { type: 'image/gif' });

test('pictures come as data, those that cannot be had are counted, with the reason of the first', async () => {
  const loaded = await loadRemoteImages(
    ['https://a.test/1', 'https://a.test/2', 'https://a.test/3'],
    async (at) => {
      if (at.endsWith('2')) throw new Error('The answer was 404.');
      return gif();
    },
  );
  expect([...loaded.images]).toEqual([
    ['https://a.test/1', 'data:image/gif;base64,AQID'],
    ['https://a.test/3', 'data:image/gif;base64,AQID'],
  ]);
  expect(loaded).toMatchObject({ missingCount: 1, why: 'The answer was 404.' });
});

test('what is no picture is not put in, whatever answered', async () => {
  const loaded = await loadRemoteImages(
    ['https://a.test/1'],
    async () => new Blob(['<svg/>'], { type: 'image/svg+xml' }),
  );
  expect(loaded).toMatchObject({ missingCount: 1 });
  expect(loaded.images.size).toBe(0);
});

test('one mail has no more than 80, six at a time', async () => {
  let open = 0;
  let most = 0;
  const addresses = Array.from({ length: 100 }, (_, at) => `https://a.test/${at}`);
  const loaded = await loadRemoteImages(addresses, async () => {
    open += 1;
    most = Math.max(most, open);
    await Promise.resolve();
    open -= 1;
    return gif();
  });
  expect(loaded.images.size).toBe(80);
  expect(loaded.missingCount).toBe(20);
  expect(most).toBeLessThanOrEqual(6);
});

test('a sender is allowed by address, whatever name it wears', () => {
  allowSender('Shop <News@Shop.example>');
  expect(isSenderAllowed('Another <news@shop.example>')).toBe(true);
  expect(isSenderAllowed('news@shop.example <x@evil.test>')).toBe(false);
  expect(isSenderAllowed(null)).toBe(false);
  forbidSender('news@shop.example');
  expect(isSenderAllowed('Shop <news@shop.example>')).toBe(false);
});

test('what somebody else wrote into the storage allows nobody', () => {
  localStorage.setItem('roost.remote-content', '{"news@shop.example":true}');
  expect(isSenderAllowed('news@shop.example')).toBe(false);
  localStorage.setItem('roost.remote-content', 'nonsense');
  expect(isSenderAllowed('news@shop.example')).toBe(false);
});
