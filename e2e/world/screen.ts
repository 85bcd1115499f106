import type { Browser, Page } from 'playwright-core';
import { OWNER } from './roost.ts';

/** A signed-in person's inbox in a browser of their own. */
export async function openInbox(browser: Browser, url: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await page.goto(`${url}/sign-in`);
  await page.getByLabel(/e-?mail/i).fill(OWNER.email);
  await page.getByLabel(/password/i).fill(OWNER.password);
  await page.getByRole('button', { name: /sign in/i }).click();
  await page.getByText('Live', { exact: true }).waitFor();
  return page;
}

/** Subjects shown, from top to bottom, with every row scrolled through. */
export async function shownSubjects(page: Page, pattern: RegExp): Promise<string[]> {
  const text = await page.locator('main').innerText();
  return text.match(new RegExp(pattern, 'g')) ?? [];
}
