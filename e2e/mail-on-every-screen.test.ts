import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath, launchChromium } from '../scripts/services/chromium.mjs';
import { sendMail, sendUntilTaken } from './world/mail.ts';
import { type Network, networkTo } from './world/proxy.ts';
import { type Roost, startRoost, storedSubjects } from './world/roost.ts';
import { openInbox, shownSubjects } from './world/screen.ts';
import { until } from './world/until.ts';

describe.skipIf(chromiumPath() === null)('mail on every screen (needs Chromium)', () => {
  let browser: Browser;
  const toClose: { remove?: () => Promise<void>; close?: () => Promise<void> }[] = [];

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    for (const thing of toClose.splice(0).reverse()) await (thing.close?.() ?? thing.remove?.());
  });

  async function world(settings: Record<string, string> = {}): Promise<{ roost: Roost; network: Network }> {
    const roost = await startRoost(settings);
    toClose.push({ remove: roost.remove });
    const network = await networkTo(roost.port);
    toClose.push({ close: network.close });
    return { roost, network };
  }

  test('a mail sent by SMTP appears in every open browser at once, without reload', async () => {
    const { roost } = await world();
    const pages = [await openInbox(browser, roost.url), await openInbox(browser, roost.url)];
    await sendMail(roost.smtpPort, { subject: 'Hello, everybody', to: 'anybody@qa.test' });
    for (const page of pages) await page.getByText('Hello, everybody').first().waitFor({ timeout: 5_000 });
  });

  test('[R1] after a cut network the screen shows what arrived meanwhile, each once', async () => {
    const { roost, network } = await world();
    const page = await openInbox(browser, network.url);
    await sendMail(roost.smtpPort, { subject: 'Letter 1' });
    await page.getByText('Letter 1').first().waitFor();
    network.cut();
    await page.getByText('Live', { exact: true }).waitFor({ state: 'detached' });
    await sendMail(roost.smtpPort, { subject: 'Letter 2' });
    await sendMail(roost.smtpPort, { subject: 'Letter 3' });
    network.heal();
    await page.getByText('Letter 3').first().waitFor();
    expect(await shownSubjects(page, /Letter \d+/)).toEqual(['Letter 3', 'Letter 2', 'Letter 1']);
  });

  test('[R1] a laptop that slept wakes to the newest mail', async () => {
    const { roost, network } = await world();
    const page = await openInbox(browser, network.url);
    await page.context().setOffline(true);
    await page
      .getByText(/offline/i)
      .first()
      .waitFor();
    await sendMail(roost.smtpPort, { subject: 'While you slept' });
    await page.context().setOffline(false);
    await page.getByText('While you slept').first().waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
  });

  test('[W1] a server killed in the middle of a burst shows every mail once and in order after it is back', async () => {
    const { roost, network } = await world();
    const page = await openInbox(browser, network.url);
    const count = 120;
    const subjects = Array.from({ length: count }, (_, at) => `Burst ${String(at).padStart(3, '0')}`);
    let takenCount = 0;
    const lanes = Array.from({ length: 6 }, async (_, lane) => {
      for (let at = lane; at < count; at += 6) {
        await sendUntilTaken(roost.smtpPort, { subject: subjects[at] as string });
        takenCount += 1;
      }
    });
    await until('a third of the burst is taken', () => takenCount > count / 3);
    expect(await roost.end('SIGKILL')).toBe('SIGKILL');
    await roost.start();
    await Promise.all(lanes);
    const stored = await storedSubjects(roost);
    expect([...stored].sort()).toEqual(subjects);
    await page
      .getByText(stored[0] as string)
      .first()
      .waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    const shown = await shownSubjects(page, /Burst \d{3}/);
    expect(shown.length).toBeGreaterThan(5);
    expect(shown).toEqual(stored.slice(0, shown.length));
  });

  test('[E2] where sockets cannot pass the inbox polls, and returns to the socket when they can', async () => {
    const { roost, network } = await world();
    network.blockSockets();
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${network.url}/sign-in`);
    await page.getByLabel(/e-?mail/i).fill('owner@roost.test');
    await page.getByLabel(/password/i).fill('a long enough password');
    await page.getByRole('button', { name: /sign in/i }).click();
    await page
      .getByText(/every few seconds/i)
      .first()
      .waitFor();
    await sendMail(roost.smtpPort, { subject: 'Polled 1' });
    await page.getByText('Polled 1').first().waitFor();
    network.heal();
    await sendMail(roost.smtpPort, { subject: 'Polled 2' });
    await page.getByText('Live', { exact: true }).waitFor({ timeout: 60_000 });
    await sendMail(roost.smtpPort, { subject: 'Polled 3' });
    await page.getByText('Polled 3').first().waitFor({ timeout: 5_000 });
    expect(network.upgrades()).toBeGreaterThan(0);
    expect(await shownSubjects(page, /Polled \d/)).toEqual(['Polled 3', 'Polled 2', 'Polled 1']);
  });

  test('[E2] with sockets turned off everything works by polling', async () => {
    const { roost } = await world({ ROOST_ENABLE_WS: 'false' });
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${roost.url}/sign-in`);
    await page.getByLabel(/e-?mail/i).fill('owner@roost.test');
    await page.getByLabel(/password/i).fill('a long enough password');
    await page.getByRole('button', { name: /sign in/i }).click();
    await page
      .getByText(/every few seconds/i)
      .first()
      .waitFor();
    await sendMail(roost.smtpPort, { subject: 'Without a socket' });
    await page.getByText('Without a socket').first().waitFor();
  });

  test('[H5] a server told to stop sends its readers away and exits by itself with 0', async () => {
    const { roost } = await world();
    const page = await openInbox(browser, roost.url);
    const startedAt = Date.now();
    expect(await roost.end('SIGTERM')).toBe(0);
    expect(Date.now() - startedAt).toBeLessThan(10_000);
    await roost.start();
    await page.getByText('Live', { exact: true }).waitFor({ timeout: 30_000 });
  });

  test('HTML mail runs no script and lets no request leave', async () => {
    const { roost } = await world();
    const page = await openInbox(browser, roost.url);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    const evil = `http://127.0.0.1:${roost.smtpPort}/spy`;
    await sendMail(roost.smtpPort, {
      subject: 'Look at me',
      html: `<h1>Painted words</h1><script>document.title='owned';fetch('${evil}')</script><img src="${evil}.png" onerror="document.title='owned'"><link rel=stylesheet href="${evil}.css"><style>body{background:url(${evil}.gif)}</style><iframe src="${evil}"></iframe>`,
    });
    await page.getByText('Look at me').first().click();
    await page.frameLocator('iframe').getByText('Painted words').waitFor();
    // A request that the frame were to make would have been made by the time a later one of ours is answered.
    await page.getByRole('tab', { name: /source/i }).click();
    await page.getByText('Painted words</h1>').first().waitFor();
    expect(asked.filter((url) => url.includes('/spy'))).toEqual([]);
    expect(await page.title()).not.toBe('owned');
  });
});
