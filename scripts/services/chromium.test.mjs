import { createServer } from 'node:http';
import { describe, expect, test } from 'vitest';
import { chromiumPath, launchChromium } from './chromium.mjs';
import { freePort } from './find.mjs';

describe.skipIf(!chromiumPath())('Chromium for tests', () => {
  test('opens a page of ours, and forgets it by the next launch', async () => {
    const port = await freePort();
    const server = createServer((_, answer) =>
      answer.setHeader('content-type', 'text/html').end('<title>here</title>'),
    );
    await new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(null)));
    try {
      expect(await visit(port)).toEqual({ title: 'here', before: null });
      expect(await visit(port)).toEqual({ title: 'here', before: null });
    } finally {
      server.close();
    }
  });
});

/** @param {number} port */
async function visit(port) {
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${port}/`);
    const before = await page.evaluate(() => localStorage.getItem('visited'));
    await page.evaluate(() => localStorage.setItem('visited', 'yes'));
    return { title: await page.title(), before };
  } finally {
    await browser.close();
  }
}
