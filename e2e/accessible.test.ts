import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath, launchChromium } from '../scripts/services/chromium.mjs';
import { sendMail } from './world/mail.ts';
import { openAs, startTeam, type Team } from './world/team.ts';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary: string }[];
}

describe.skipIf(chromiumPath() === null)(
  'the pages keep to WCAG AA, as far as axe can tell (needs Chromium)',
  () => {
    let browser: Browser;
    let team: Team;
    let axe: string;

    beforeAll(async () => {
      axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
      browser = await launchChromium();
      team = await startTeam();
      const { whatsapp } = team;
      await whatsapp.say({ name: 'Mia Berg', text: 'Where is my order? https://example.org/o/1' }).answered;
      await whatsapp.say({ location: { latitude: 52.5, longitude: 13.4, name: 'The shop' } }).answered;
      await whatsapp.say({ document: { filename: 'order.pdf' } }).answered;
      await sendMail(team.roost.smtpPort, { to: 'help@qa.test', subject: 'Invoice', text: 'Hello\n\n> Hi' });
      await team.ask('PUT', '/labels/billing', { color: '#3d5ba9' });
      const { rows } = await team.ask<{ rows: { id: string }[] }>('GET', '/conversations');
      const change = { add_labels: ['billing'], assignee_id: team.ana.id };
      await team.ask('POST', '/conversations/change', { conversation_ids: rows.map(({ id }) => id), change });
      for (const { id } of rows)
        await team.ask('POST', `/conversations/${id}/messages`, { kind: 'note', text: 'Known.' });
    });
    afterAll(async () => {
      await browser.close();
      await team.close();
    });

    /** What axe finds wrong, each as one line. */
    async function faults(page: Page): Promise<string[]> {
      // Evaluated and not added as a script, which the policy of the page forbids.
      await page.evaluate(axe);
      const violations = (await page.evaluate(
        `axe.run(document, { runOnly: ${JSON.stringify(RULES)} }).then(({ violations }) => violations)`,
      )) as Violation[];
      return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary}`),
      );
    }

    for (const colorScheme of ['light', 'dark'] as const)
      for (const [width, size] of [
        ['wide', { width: 1440, height: 900 }],
        ['narrow', { width: 360, height: 720 }],
      ] as const)
        test(`${colorScheme}, ${width}`, async () => {
          const page = await openAs(browser, team, team.ana);
          await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
          await page.setViewportSize(size);
          const found: Record<string, string[]> = {};
          const look = async (name: string) => {
            const wrong = await faults(page);
            if (wrong.length > 0) found[name] = wrong;
            expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), name).toBe(
              true,
            );
          };
          await page.locator('[data-conversation-id]', { hasText: 'Mia Berg' }).waitFor();
          await look('list');
          await page.locator('[data-conversation-id]', { hasText: 'Mia Berg' }).click();
          await page.getByText('The shop').waitFor();
          await look('conversation');
          await page.getByRole('button', { name: /^Assign/ }).click();
          await page.getByRole('menu').waitFor();
          await look('menu');
          await page.keyboard.press('Escape');
          await page.keyboard.press('?');
          await page.getByRole('dialog').waitFor();
          await look('keys');
          for (const path of [
            '/direct',
            '/mail',
            '/contacts',
            '/search?q=order',
            '/settings/account',
            '/settings/members',
            '/settings/inboxes',
            '/settings/labels',
            '/settings/canned-replies',
            '/settings/tokens',
          ]) {
            await page.goto(`${team.roost.url}${path}`);
            await page.getByText('Live', { exact: true }).waitFor();
            await look(path);
          }
          expect(found).toEqual({});
          await page.context().close();
        });
  },
);
