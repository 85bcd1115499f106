import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath, launchChromium } from '../scripts/services/chromium.mjs';
import { sendMail } from './world/mail.ts';
import { networkTo } from './world/proxy.ts';
import { openAs, startTeam, type Team } from './world/team.ts';
import { until } from './world/until.ts';

describe.skipIf(chromiumPath() === null)('the team’s inbox (needs Chromium)', () => {
  let browser: Browser;
  let team: Team;
  let people = 0;

  beforeAll(async () => {
    browser = await launchChromium();
    team = await startTeam();
  });
  afterAll(async () => {
    await browser.close();
    await team.close();
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
  });

  /** Somebody who has not written before. */
  function customer(name: string) {
    people += 1;
    const from = `1555010${String(people).padStart(4, '0')}`;
    return {
      name,
      from,
      says: (text: string) => team.whatsapp.say({ from, name, text }).answered,
      got: () =>
        team.whatsapp.sent.all
          .filter(({ to }) => to === from)
          .map(({ message }) => (message.text as { body: string } | undefined)?.body),
    };
  }

  const rowOf = (page: Page, name: string) => page.locator('[data-conversation-id]', { hasText: name });
  const bubble = (page: Page, text: string) => page.locator('[data-kind]', { hasText: text });
  const badgeOf = (page: Page, place: string) =>
    page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: new RegExp(`^${place}`) });

  async function open(page: Page, name: string): Promise<void> {
    await rowOf(page, name).click();
    await page.getByRole('textbox', { name: `Message to ${name}` }).waitFor();
  }

  async function write(page: Page, text: string): Promise<void> {
    const field = page.getByRole('textbox', { name: /^(Message to|Note for)/ });
    await field.fill(text);
    await field.press('Enter');
  }

  test('a WhatsApp message appears on every screen; one answers, all see it, and it goes out once', async () => {
    const mia = customer('Mia Berg');
    const [ana, ben] = [await openAs(browser, team, team.ana), await openAs(browser, team, team.ben)];
    await mia.says('Is my order on its way?');
    for (const page of [ana, ben]) await rowOf(page, 'Is my order on its way?').waitFor({ timeout: 5_000 });
    await open(ana, 'Mia Berg');
    await open(ben, 'Mia Berg');
    await ben.getByText('Ana has this open').waitFor();
    await write(ana, 'It left this morning.');
    await bubble(ben, 'It left this morning.').waitFor({ timeout: 5_000 });
    await bubble(ana, 'It left this morning.').locator('[data-status="read"]').waitFor();
    expect(await bubble(ana, 'It left this morning.').count()).toBe(1);
    expect(mia.got()).toEqual(['It left this morning.']);
  });

  test('[O1] an answer on old knowledge is refused with what is new, and sent when its author says so', async () => {
    const noah = customer('Noah Fischer');
    const network = await networkTo(team.roost.port);
    try {
      const ana = await openAs(browser, team, team.ana);
      const ben = await openAs(browser, team, team.ben, network.url);
      await noah.says('What does it cost?');
      await open(ana, 'Noah Fischer');
      await open(ben, 'Noah Fischer');
      await bubble(ben, 'What does it cost?').waitFor();
      network.cut();
      await ben.getByText('Live', { exact: true }).waitFor({ state: 'detached' });
      await write(ben, 'Ten euros.');
      await ben.getByText('it goes out when the connection is back').waitFor();
      await write(ana, 'Twelve euros.');
      await until('the phone has it', () => noah.got().length === 1);
      network.heal();
      const refusal = ben.getByRole('alert').filter({ hasText: 'something was said meanwhile' });
      await refusal.getByText('Twelve euros.').waitFor();
      expect(noah.got()).toEqual(['Twelve euros.']);
      await refusal.getByRole('button', { name: 'Edit my answer' }).click();
      const field = ben.getByRole('textbox', { name: 'Message to Noah Fischer' });
      expect(await field.inputValue()).toBe('Ten euros.');
      network.cut();
      await ben.getByText('Live', { exact: true }).waitFor({ state: 'detached' });
      await write(ben, 'Ten for members.');
      await write(ana, 'Shipping is free.');
      await until('the phone has that, too', () => noah.got().length === 2);
      network.heal();
      await ben.getByRole('button', { name: 'Send all the same' }).click();
      await bubble(ana, 'Ten for members.').waitFor();
      await until('the phone has the third', () => noah.got().length === 3);
      expect(noah.got()).toEqual(['Twelve euros.', 'Shipping is free.', 'Ten for members.']);
    } finally {
      await network.close();
    }
  });

  test('notes stay among colleagues; what is closed goes from every list, and comes back when the contact writes', async () => {
    const yuki = customer('Yuki Tanaka');
    const [ana, ben] = [await openAs(browser, team, team.ana), await openAs(browser, team, team.ben)];
    await yuki.says('It arrived broken.');
    await open(ana, 'Yuki Tanaka');
    await ana.keyboard.press('n');
    await write(ana, 'Third one this week.');
    await open(ben, 'Yuki Tanaka');
    await ben.getByText('Note by Ana', { exact: true }).waitFor();
    await ana.getByRole('button', { name: 'Assign' }).click();
    await ana.getByRole('menuitemcheckbox', { name: 'Ben' }).click();
    await ben.getByRole('main').getByText('Assigned to Ben by Ana.').waitFor();
    await badgeOf(ben, 'Mine').click();
    await rowOf(ben, 'Yuki Tanaka').waitFor();
    await ana.getByRole('button', { name: 'Close', exact: true }).click();
    await rowOf(ben, 'Yuki Tanaka').waitFor({ state: 'detached' });
    await rowOf(ana, 'Yuki Tanaka').waitFor({ state: 'detached' });
    await ana.getByRole('main').getByText('Closed by Ana.').waitFor();
    await yuki.says('Hello? Anybody there?');
    for (const page of [ana, ben]) await rowOf(page, 'Hello? Anybody there?').waitFor({ timeout: 5_000 });
    expect(yuki.got()).toEqual([]);
  });

  test('[U2] what is unread is each agent’s own, and stays so when somebody else has read it', async () => {
    const omar = customer('Omar Haddad');
    const [ana, ben] = [await openAs(browser, team, team.ana), await openAs(browser, team, team.ben)];
    for (const page of [ana, ben]) await readEverything(page);
    await omar.says('First question');
    await omar.says('Second question');
    for (const page of [ana, ben])
      await rowOf(page, 'Omar Haddad')
        .getByText(/^2 unread$/)
        .waitFor();
    await open(ana, 'Omar Haddad');
    await rowOf(ana, 'Omar Haddad').and(ana.locator('[data-unread="false"]')).waitFor();
    await rowOf(ben, 'Omar Haddad').and(ben.locator('[data-unread="true"]')).waitFor();
    expect(await ben.title()).toMatch(/^\(1\)/);
    await ana.getByRole('button', { name: 'More actions' }).click();
    await ana.getByRole('menuitem', { name: /Mark unread/ }).click();
    await rowOf(ana, 'Omar Haddad')
      .getByText(/^1 unread$/)
      .waitFor();
  });

  async function readEverything(page: Page): Promise<void> {
    const unread = page.locator('[data-conversation-id][data-unread="true"]');
    while ((await unread.count()) > 0) {
      const row = unread.first();
      const id = await row.getAttribute('data-conversation-id');
      await row.click();
      await page.locator(`[data-conversation-id="${id}"][data-unread="false"]`).waitFor();
    }
    await badgeOf(page, 'Direct').click();
    await badgeOf(page, 'Open').click();
    await page.getByRole('heading', { name: 'Open' }).waitFor();
  }

  test('what is long and unread is opened where reading begins, and read when its end is seen', async () => {
    const lea = customer('Lea Roth');
    const page = await openAs(browser, team, team.ana);
    await readEverything(page);
    for (let at = 1; at <= 30; at += 1) await lea.says(`Line ${at}`);
    await rowOf(page, 'Line 30').waitFor();
    // As somebody comes by a link, who has nothing loaded yet.
    const id = await rowOf(page, 'Lea Roth').getAttribute('data-conversation-id');
    await page.goto(`${team.roost.url}/conversations/${id}`);
    await page.getByText('New messages', { exact: true }).first().waitFor();
    await bubble(page, 'Line 1').first().waitFor();
    await page.getByRole('button', { name: 'To the newest message' }).waitFor();
    await rowOf(page, 'Lea Roth').and(page.locator('[data-unread="true"]')).waitFor();
    await page.getByRole('button', { name: 'To the newest message' }).click();
    await rowOf(page, 'Lea Roth').and(page.locator('[data-unread="false"]')).waitFor();
  });

  test('pictures are seen, voices are heard, and a file goes along with an answer', async () => {
    const finn = customer('Finn Aho');
    const page = await openAs(browser, team, team.ana);
    await team.whatsapp.say([
      { from: finn.from, name: finn.name, image: { caption: 'This one' } },
      { from: finn.from, name: finn.name, voice: {} },
    ]).answered;
    await open(page, 'Finn Aho');
    const picture = bubble(page, 'This one').getByRole('img');
    await picture.waitFor();
    expect(await picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
    await page.getByRole('button', { name: /Voice message/ }).click();
    await page.locator('audio').waitFor();
    const chosen = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Attach files' }).click();
    await (await chosen).setFiles({
      name: 'offer.pdf',
      mimeType: 'application/pdf',
      buffer: Buffer.from('%PDF-1.4'),
    });
    await page.getByRole('list', { name: 'Files for this message' }).getByText('offer.pdf').waitFor();
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByRole('button', { name: 'Save offer.pdf' }).waitFor();
    const files = () =>
      team.whatsapp.sent.all.filter(({ to, type }) => to === finn.from && type === 'document');
    await until('the phone has the file', () => files().length === 1);
  });

  test('words lead to what holds them', async () => {
    const eve = customer('Eve Marlow');
    await eve.says('Is the periwinkle lampshade back?');
    const page = await openAs(browser, team, team.ana);
    await page.keyboard.press('/');
    await page.getByRole('searchbox').fill('periwink');
    const hit = page.getByRole('list', { name: 'Found' }).getByRole('link', { name: /Eve Marlow/ });
    await hit.locator('mark', { hasText: 'periwinkle' }).waitFor();
    await hit.click();
    await bubble(page, 'Is the periwinkle lampshade back?').waitFor();
    await page.goBack();
    await hit.waitFor();
  });

  test('a selection is closed at once, and brought back at once', async () => {
    const [ida, jan] = [customer('Ida Lund'), customer('Jan Novak')];
    await ida.says('One of two');
    await jan.says('Two of two');
    const page = await openAs(browser, team, team.ana);
    await rowOf(page, 'Two of two').focus();
    await page.keyboard.press('x');
    await page.keyboard.press('j');
    await page.keyboard.press('Shift+X');
    await page.getByRole('toolbar').getByText('2 selected').waitFor();
    await page.getByRole('toolbar').getByRole('button', { name: 'Close', exact: true }).click();
    await rowOf(page, 'One of two').waitFor({ state: 'detached' });
    await rowOf(page, 'Two of two').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo' }).click();
    await rowOf(page, 'Ida Lund').waitFor();
    await rowOf(page, 'Jan Novak').waitFor();
  });

  test('a mail reads as part of the conversation, its history folded', async () => {
    const page = await openAs(browser, team, team.ana);
    await sendMail(team.roost.smtpPort, {
      to: 'help@qa.test',
      from: 'Grace Kim <grace@example.org>',
      subject: 'Invoice 7732',
      text: 'Could you add our VAT number?\n\nOn Mon, 2 Mar 2026 at 10:00, Help <help@qa.test> wrote:\n> Here it is.\n',
    });
    await open(page, 'Grace Kim');
    const mail = bubble(page, 'Could you add our VAT number?');
    await mail.getByRole('button', { name: 'Show the history' }).waitFor();
    expect(await mail.innerText()).not.toContain('Here it is.');
    await mail.getByRole('button', { name: 'Show the history' }).click();
    expect(await mail.innerText()).toContain('Here it is.');
  });

  test('[A2] whoever is taken out of an inbox sees nothing of it from that moment on', async () => {
    const sofia = customer('Sofia Rossi');
    const [ana, ben] = [await openAs(browser, team, team.ana), await openAs(browser, team, team.ben)];
    await sofia.says('Between us, please.');
    await open(ana, 'Sofia Rossi');
    await open(ben, 'Sofia Rossi');
    await bubble(ben, 'Between us, please.').waitFor();
    const path = `/inboxes/${team.inboxes.whatsapp}`;
    await team.ask('PATCH', path, { access: 'members', member_ids: [team.ana.id] });
    await ben.getByText('You no longer see this conversation').waitFor({ timeout: 5_000 });
    await rowOf(ben, 'Sofia Rossi').waitFor({ state: 'detached' });
    expect(await ben.getByText('Between us, please.').count()).toBe(0);
    expect(await badgeOf(ben, 'Shop phone').count()).toBe(0);
    await sofia.says('Thank you.');
    await bubble(ana, 'Thank you.').waitFor({ timeout: 5_000 });
    await team.ask('PATCH', path, { access: 'everyone' });
    await rowOf(ben, 'Sofia Rossi').waitFor({ timeout: 5_000 });
  });

  test('somebody who was invited chooses a password and is in', async () => {
    const { path } = await team.ask<{ path: string }>('POST', '/invitations', {
      email: 'chloe@roost.test',
      role: 'viewer',
    });
    const page = await (await browser.newContext()).newPage();
    await page.goto(`${team.roost.url}${path}`);
    await page.getByText('chloe@roost.test').waitFor();
    await page.getByLabel('Your name').fill('Chloe Martin');
    await page.getByLabel('Choose a password').fill('another long password');
    await page.getByRole('button', { name: 'Join' }).click();
    await page.getByRole('heading', { name: 'Open' }).waitFor();
    await page.locator('[data-conversation-id]').first().click();
    await page.getByText('your role is viewer').waitFor();
  });
});
