import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { SentMessage } from '../packages/server/src/simulate/whatsapp/simulator.ts';
import { chromiumPath, launchChromium } from '../scripts/services/chromium.mjs';
import { openAs, startTeam, type Team } from './world/team.ts';
import { until } from './world/until.ts';

/** Nothing is told of what was sent until a test tells it. */
const NEVER = { sent_ms: null, delivered_ms: null, read_ms: null };

describe.skipIf(chromiumPath() === null)('what WhatsApp does, as the page shows it (needs Chromium)', () => {
  let browser: Browser;
  let team: Team;
  let people = 0;

  beforeAll(async () => {
    browser = await launchChromium();
    team = await startTeam(NEVER);
    await team.ask('POST', `/inboxes/${team.inboxes.whatsapp}/templates/sync`);
  });
  afterAll(async () => {
    await browser.close();
    await team.close();
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
  });

  function newNumber(): string {
    people += 1;
    return `1555020${String(people).padStart(4, '0')}`;
  }

  /** Somebody who has just written, their conversation open before Ana. */
  async function writtenBy(name: string) {
    const from = newNumber();
    await team.whatsapp.say({ from, name, text: 'Hello?' }).answered;
    const page = await openAs(browser, team, team.ana);
    await page.locator('[data-conversation-id]', { hasText: name }).click();
    const field = page.getByRole('textbox', { name: `Message to ${name}` });
    const write = async (text: string) => {
      await field.fill(text);
      await field.press('Enter');
    };
    return { page, field, write, got: () => sentTo(from) };
  }

  const sentTo = (number: string): SentMessage[] => team.whatsapp.sent.all.filter(({ to }) => to === number);
  const bubble = (page: Page, text: string) => page.locator('[data-kind="outbound"]', { hasText: text });
  const ticks = (page: Page, text: string, status: string) =>
    bubble(page, text).locator(`[data-status="${status}"]`).waitFor();

  async function idOf(message: () => SentMessage | undefined): Promise<string> {
    await until('WhatsApp has the message', () => message() !== undefined);
    return message()?.id ?? '';
  }

  test('ticks follow what WhatsApp tells, and never go back', async () => {
    const { page, write, got } = await writtenBy('Mia Berg');
    await write('On its way.');
    const id = await idOf(() => got()[0]);
    for (const status of ['sent', 'delivered', 'read']) {
      await team.whatsapp.tell({ id, status });
      await ticks(page, 'On its way.', status);
    }
    await team.whatsapp.tell({ id, status: 'delivered' });
    await write('Anything else?');
    await ticks(page, 'Anything else?', 'sent');
    await ticks(page, 'On its way.', 'read');
  });

  test('a message that was refused says why, and is sent again', async () => {
    const { page, write, got } = await writtenBy('Noah Fischer');
    team.whatsapp.fail({ what: { kind: 'error', code: 131049 } });
    await write('Ten euros.');
    const failed = bubble(page, 'Ten euros.');
    await failed.locator('[data-status="failed"]').waitFor();
    await failed.getByRole('alert').getByText('WhatsApp has kept it back').waitFor();
    expect(got()).toEqual([]);
    await failed.getByRole('button', { name: 'Send again' }).click();
    await ticks(page, 'Ten euros.', 'sent');
    await failed.getByRole('alert').waitFor({ state: 'detached' });
    expect(got()).toHaveLength(1);
  });

  test('a message that failed after WhatsApp had taken it goes back into the field, to be sent anew', async () => {
    const { page, field, write, got } = await writtenBy('Yuki Tanaka');
    team.whatsapp.fail({ what: { kind: 'failed_status', code: 131026 } });
    await write('It is in stock.');
    const failed = bubble(page, 'It is in stock.').first();
    await failed.getByRole('alert').getByText('could not be delivered').waitFor();
    await failed.getByRole('button', { name: 'Send again' }).click();
    await page.getByText('to be sent as a new message').waitFor();
    expect(await field.inputValue()).toBe('It is in stock.');
    await field.press('Enter');
    await ticks(page, 'It is in stock.', 'sent');
    expect(got()).toHaveLength(2);
  });

  test('of what nobody knows a person decides, or what WhatsApp tells later', async () => {
    const { page, write, got } = await writtenBy('Omar Haddad');
    const unknown = async (text: string) => {
      team.whatsapp.fail({ what: { kind: 'cut_after' } });
      await write(text);
      await ticks(page, text, 'unknown');
      await bubble(page, text).getByRole('alert').getByText('may or may not have been sent').waitFor();
      return bubble(page, text);
    };
    await (await unknown('One')).getByRole('button', { name: 'Mark as sent' }).click();
    await ticks(page, 'One', 'sent');
    await (await unknown('Two')).getByRole('button', { name: 'Send again' }).click();
    await ticks(page, 'Two', 'sent');
    const third = await unknown('Three');
    await team.whatsapp.tell({ id: await idOf(() => got()[3]), status: 'delivered' });
    await ticks(page, 'Three', 'delivered');
    await third.getByRole('alert').waitFor({ state: 'detached' });
    expect(got().map(({ message }) => (message.text as { body: string }).body)).toEqual([
      'One',
      'Two',
      'Two',
      'Three',
    ]);
  });

  test('what waits says for what, and goes out when somebody says so', async () => {
    const { page, write, got } = await writtenBy('Lea Roth');
    team.whatsapp.fail({ what: { kind: 'error', status: 401, code: 190 } });
    await write('Until eight.');
    const waiting = bubble(page, 'Until eight.');
    await waiting.getByText('the access token of this inbox is not valid any more').waitFor();
    await waiting.getByRole('button', { name: 'Try now' }).click();
    await ticks(page, 'Until eight.', 'sent');
    expect(got()).toHaveLength(1);
  });

  test('to whom has not written only a template goes, with its values', async () => {
    const phone = newNumber();
    const contact = await team.ask<{ id: string }>('POST', '/contacts', {
      name: 'Ida Lund',
      phones: [`+${phone}`],
    });
    const { conversation_id } = await team.ask<{ conversation_id: string }>('POST', '/conversations', {
      contact_id: contact.id,
      inbox_id: team.inboxes.whatsapp,
    });
    const page = await openAs(browser, team, team.ana);
    await page.goto(`${team.roost.url}/conversations/${conversation_id}`);
    await page.getByText('Ida Lund has not written to this number yet.').waitFor();
    expect(await page.getByRole('textbox', { name: 'Message to Ida Lund' }).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Send', exact: true }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Template…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Template').selectOption({ label: 'order_ready (en)' });
    await dialog.getByLabel('Value 1').fill('Ida');
    await dialog.getByLabel('Value 2').fill('7732');
    await dialog.getByText('Hello Ida, your order 7732 is ready.').waitFor();
    await dialog.getByRole('button', { name: 'Send' }).click();
    const reads = 'Hello Ida, your order 7732 is ready.';
    await ticks(page, reads, 'sent');
    const id = await idOf(() => sentTo(phone)[0]);
    await team.whatsapp.tell({ id, status: 'delivered' });
    await ticks(page, reads, 'delivered');
    expect(sentTo(phone).map(({ type }) => type)).toEqual(['template']);
    await team.whatsapp.say({ from: phone, name: 'Ida Lund', text: 'Thanks!' }).answered;
    await page.getByRole('textbox', { name: 'Message to Ida Lund' }).waitFor();
  });
});
