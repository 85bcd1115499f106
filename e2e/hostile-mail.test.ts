import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath, launchChromium } from '../scripts/services/chromium.mjs';
import { type Attacker, startAttacker } from './hostile-mail/attacker.ts';
import { EVIL_HOST, type HostileMail, hostileMails } from './hostile-mail/corpus.ts';
import { deliver, type Row, rowsOf } from './hostile-mail/deliver.ts';
import { hostsIn } from './hostile-mail/net-log.ts';
import { sendMail } from './world/mail.ts';
import { type Roost, startRoost } from './world/roost.ts';
import { openInbox } from './world/screen.ts';
import { until } from './world/until.ts';

/** Pages side by side; each opens its share of the mails. */
const LANES = 3;
/** Half a minute where the machine has nothing else to do. */
const OPEN_ALL_MS = 300_000;

const mails = hostileMails();
const withHtml = mails.filter(({ html }) => html !== null);

test('there are at least 200 hostile mails, each with an address of its own', () => {
  expect(mails.length).toBeGreaterThanOrEqual(200);
  expect(new Set(mails.map(({ id }) => id)).size).toBe(mails.length);
  expect(withHtml.filter(({ html, id }) => !html?.includes(id))).toEqual([]);
});

describe.skipIf(chromiumPath() === null)('hostile mail (needs Chromium)', () => {
  let roost: Roost;
  let attacker: Attacker;
  let folder: string;
  let rows: Map<string, Row>;
  let token: string;
  const browsers: Browser[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'roost-hostile-'));
    attacker = await startAttacker();
    roost = await startRoost({ ROOST_REMOTE_CONTENT_ALLOW_PRIVATE: '127.0.0.1' });
    await deliver(roost.smtpPort, mails);
    ({ rows, token } = await rowsOf(roost, mails));
  });
  afterEach(async () => {
    for (const browser of browsers.splice(0)) await browser.close();
    attacker.forget();
  });
  afterAll(async () => {
    await roost?.remove();
    await attacker?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** A browser in which every name of the attacker leads to the attacker, and no other name anywhere. */
  async function openBrowser(args: readonly string[] = []): Promise<Browser> {
    const evil = `127.0.0.1:${attacker.port}`;
    const rules = `MAP ${EVIL_HOST} ${evil}, MAP *.${EVIL_HOST} ${evil}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1`;
    const browser = await launchChromium({ args: [`--host-resolver-rules=${rules}`, ...args] });
    browsers.push(browser);
    return browser;
  }

  test('the traps work: opened without protection, most of these mails reach the attacker', async () => {
    for (const { id, html } of withHtml) {
      attacker.serve(`/naked/${id}`, 'text/html; charset=utf-8', `<!doctype html><html>${html}</html>`);
    }
    // Free to do as they like, except to end the page that holds the others.
    const free = 'allow-scripts allow-same-origin allow-forms allow-popups';
    const frames = withHtml.map(({ id }) => `<iframe sandbox="${free}" src="/naked/${id}"></iframe>`);
    attacker.serve('/naked', 'text/html', `<!doctype html>${frames.join('')}`);
    const log = join(folder, 'naked.json');
    const browser = await openBrowser([`--log-net-log=${log}`]);
    const page = await browser.newPage();
    await page.goto(`http://${EVIL_HOST}/naked`, { waitUntil: 'commit' });
    const reached = () =>
      new Set(attacker.requests().flatMap((said) => /^\w+ \/(m\d{3})\b/.exec(said)?.[1] ?? []));
    const ran = () => attacker.requests().filter((said) => /^GET \/m\d{3}\/ran /.test(said)).length;
    await until('most of the mails have reached the attacker, many of them by a script', () => {
      return reached().size > withHtml.length * 0.6 && ran() > withHtml.length * 0.15;
    }).catch((error) => {
      throw new Error(`${error.message}: ${reached().size} of ${withHtml.length}, ${ran()} scripts`);
    });
    await browser.close();
    expect(await hostsIn(log)).toContain(EVIL_HOST);
  });

  test('opened in the inbox, none runs, asks, or changes anything outside its frame', {
    timeout: OPEN_ALL_MS,
  }, async () => {
    const log = join(folder, 'net-log.json');
    const browser = await openBrowser([`--log-net-log=${log}`]);
    const wrongs: string[] = [];
    const lanes = Array.from({ length: LANES }, async (_, lane) => {
      const page = await openInbox(browser, roost.url);
      watch(page, roost.url, (wrong) => wrongs.push(wrong));
      await open(page, mails[lane] as HostileMail, rows.get((mails[lane] as HostileMail).id)?.id as string);
      // The same for each mail; the first ones of all lanes are no different.
      const before = await outside(page);
      for (let at = lane; at < mails.length; at += LANES) {
        const mail = mails[at] as HostileMail;
        const wrong = await open(page, mail, rows.get(mail.id)?.id as string).catch((error) => String(error));
        if (wrong !== null) wrongs.push(`${mail.id} (${mail.family}): ${wrong}`);
        const after = await outside(page);
        if (
          after.globals !== before.globals ||
          after.stored !== before.stored ||
          after.cookies !== before.cookies
        )
          wrongs.push(`${mail.id} (${mail.family}): ${JSON.stringify({ before, after })}`);
      }
    });
    await Promise.all(lanes);
    await browser.close();
    expect(wrongs).toEqual([]);
    // At the network itself: nobody was asked, and not even a name was looked up.
    expect(attacker.requests()).toEqual([]);
    expect(attacker.connections()).toBe(0);
    const hosts = await hostsIn(log);
    expect(hosts.has('127.0.0.1'), 'the log of the network was written').toBe(true);
    expect([...hosts].filter((host) => host.includes('evil') || /m\d{3}/.test(host))).toEqual([]);
  });

  test('the frame holds by itself: nothing runs or asks in it even where nothing was cleaned', async () => {
    const browser = await openBrowser();
    await sendMail(roost.smtpPort, { subject: 'Harmless', html: '<p>Stands for another</p>' });
    const page = await openInbox(browser, roost.url);
    const wrongs: string[] = [];
    watch(page, roost.url, (wrong) => wrongs.push(wrong));
    await page.getByText('Harmless').first().click();
    await page.frameLocator('iframe').getByText('Stands for another').waitFor();
    attacker.forget();
    const title = await page.title();
    for (let from = 0; from < withHtml.length; from += 40) {
      await page.evaluate(
        async (bodies) => {
          const model = document.querySelector('iframe') as HTMLIFrameElement;
          const frames = bodies.map((body) => {
            const frame = model.cloneNode() as HTMLIFrameElement;
            frame.srcdoc = model.srcdoc.replace('<p>Stands for another</p>', () => body);
            return frame;
          });
          const loaded = frames.map(
            (frame) => new Promise((resolve) => frame.addEventListener('load', resolve)),
          );
          document.body.append(...frames);
          const bound = new Promise((resolve) => setTimeout(resolve, 5_000));
          await Promise.race([Promise.all(loaded), bound]);
          for (const frame of frames) frame.remove();
        },
        withHtml.slice(from, from + 40).map(({ html }) => html as string),
      );
    }
    expect(attacker.requests()).toEqual([]);
    // The browser tells of each request that the policy stopped, and of frames it then left empty.
    expect(wrongs.filter((wrong) => !/^(asked|went to chrome-error:)/.test(wrong))).toEqual([]);
    expect(await page.title()).toBe(title);
  });

  test('attachments are saved under names that lead nowhere and hide nothing', async () => {
    const browser = await openBrowser();
    const page = await openInbox(browser, roost.url);
    const named = mails.filter(({ family }) => family === 'path names in attachments');
    expect(named.length).toBeGreaterThanOrEqual(12);
    const names: string[] = [];
    for (const { id } of named) {
      await goTo(page, rows.get(id)?.id as string);
      await page.getByText(`Hostile ${id}`).first().waitFor();
      await page.getByRole('tab', { name: /attachments/i }).click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page
          .getByRole('button', { name: /^Download / })
          .first()
          .click(),
      ]);
      names.push(download.suggestedFilename());
    }
    for (const name of names) {
      expect(name).toMatch(/^[^/\\\p{Cc}\u200b-\u200f\u202a-\u202e\u2066-\u2069<>:"|?*]{1,255}$/u);
      expect(name).not.toMatch(/^\.|\.$/);
    }
    expect(names).toContain('_etc_passwd');
    expect(names).toContain('invoicefdp.exe');
    expect(names).toContain('report.pdf.exe');
  });

  test('over the API what a mail brought is only ever a file to save', async () => {
    const headers = { authorization: `Bearer ${token}` };
    for (const { id } of mails.filter(({ family }) => /MIME confusion|nested|path names/.test(family))) {
      const answer = await fetch(`${roost.url}/api/v1/messages/${rows.get(id)?.id}/attachments/0`, {
        headers,
      });
      if (answer.status === 404) continue;
      expect(answer.status, id).toBe(200);
      expect(answer.headers.get('content-disposition'), id).toMatch(/^attachment; filename="[^"/\\]+"/);
      expect(answer.headers.get('content-security-policy'), id).toContain('sandbox');
      expect(answer.headers.get('x-content-type-options'), id).toBe('nosniff');
      expect(answer.headers.get('set-cookie'), id).toBeNull();
      await answer.arrayBuffer();
    }
  });

  test('the source of each mail is there, byte for byte', async () => {
    const headers = { authorization: `Bearer ${token}` };
    for (const { id, source } of mails.filter((_, at) => at % 7 === 0)) {
      const answer = await fetch(`${roost.url}/api/v1/messages/${rows.get(id)?.id}/source`, { headers });
      const kept = Buffer.from(await answer.arrayBuffer());
      // The server writes on top by which way it came.
      expect(kept.subarray(kept.length - source.length).equals(source), id).toBe(true);
    }
  });

  test('links that say another place than they lead to are told, in plain letters', async () => {
    const browser = await openBrowser();
    const page = await openInbox(browser, roost.url);
    const lookalikes = mails.filter(({ source }) => /<a href="https:/.test(source.toString()));
    expect(lookalikes.length).toBeGreaterThanOrEqual(5);
    for (const { id, family } of lookalikes.filter(({ family }) => family.startsWith('bidirectional'))) {
      await goTo(page, rows.get(id)?.id as string);
      await page.getByText(`Hostile ${id}`).first().waitFor();
      await page.getByText(/elsewhere than (it says|they say)/).waitFor();
      expect(await page.locator('main').innerText(), `${id} ${family}`).toMatch(
        /evil\.test|xn--bnk-6cd\.example/,
      );
    }
  });

  test('pictures of another server come on request, by our server, which says nothing of who asks', async () => {
    const browser = await openBrowser();
    const page = await openInbox(browser, roost.url);
    const picture = `http://127.0.0.1:${attacker.port}/picture.gif?reader=1&list=2`;
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await sendMail(roost.smtpPort, {
      subject: 'With a picture',
      html: `<p>Look:</p><img alt="a dot" src="${picture.replace('&', '&amp;')}"><p style="background:url(${picture})">here</p>`,
    });
    await page.getByText('With a picture').first().click();
    const frame = page.frameLocator('iframe');
    await frame.getByText('a dot').waitFor();
    expect(attacker.connections()).toBe(0);
    await page.getByRole('button', { name: 'Load images' }).click();
    await frame.locator('img[src^="data:image/gif"]').waitFor();
    expect(await frame.locator('p[style*="data:image/gif"]').count()).toBe(1);
    expect(asked.filter((url) => !url.startsWith(roost.url) && !url.startsWith('data:'))).toEqual([]);
    expect(attacker.requests()).toHaveLength(1);
    const [said = ''] = attacker.requests();
    expect(said).toMatch(/^GET \/picture\.gif\?reader=1&list=2 HTTP\/1\.1\r\n/);
    expect(said).not.toMatch(/cookie|referer|chrome|mozilla|accept-language|authorization/i);
    expect((await page.context().cookies()).map(({ name }) => name)).not.toContain('track');

    // Always from this sender: the next mail shows its picture at once, until that is taken back.
    await sendMail(roost.smtpPort, {
      subject: 'Second picture',
      html: `<p>Again:</p><img alt="a dot" src="${picture}">`,
    });
    await openLatest(page, roost.url, token, 'Second picture');
    await page.getByRole('button', { name: 'Always from ann@example.org' }).click();
    await frame.locator('img[src^="data:image/gif"]').waitFor();
    await page.getByRole('button', { name: 'Stop loading images from ann@example.org' }).click();
    await frame.getByText('a dot').waitFor();
  });
});

/** Waits for the mail, and opens it. */
async function openLatest(page: Page, url: string, token: string, subject: string): Promise<void> {
  let id = '';
  await until('the mail is there', async () => {
    const answer = await fetch(`${url}/api/v1/inbox?limit=5`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const { rows } = (await answer.json()) as { rows: Row[] };
    id = rows.find((row) => row.subject === subject)?.id ?? '';
    return id !== '';
  });
  await goTo(page, id);
  await page.locator('h1').filter({ hasText: subject }).waitFor();
}

/** Goes to a message as the page itself does. */
async function goTo(page: Page, messageId: string): Promise<void> {
  await page.evaluate((path) => {
    history.pushState({}, '', path);
    dispatchEvent(new PopStateEvent('popstate', { state: {} }));
  }, `/message/${messageId}`);
}

/** @returns what is wrong with what the mail became; null when nothing is */
async function open(page: Page, mail: HostileMail, messageId: string): Promise<string | null> {
  await goTo(page, messageId);
  await page.locator('h1').filter({ hasText: mail.subject }).waitFor();
  if (mail.html !== null) await page.frameLocator('iframe').getByText(mail.words).first().waitFor();
  return page.evaluate(() => {
    const frames = [...document.querySelectorAll('iframe')];
    if (frames.length > 1) return 'more than one frame';
    const [frame] = frames;
    if (!frame) return null;
    if (frame.getAttribute('sandbox') !== 'allow-popups allow-popups-to-escape-sandbox')
      return 'another sandbox';
    const inside = new DOMParser().parseFromString(frame.srcdoc, 'text/html');
    const [policy] = inside.querySelectorAll('meta[http-equiv]');
    if (policy?.getAttribute('http-equiv') !== 'content-security-policy')
      return 'the policy does not come first';
    const forbidden = inside.querySelector(
      'script, iframe, frame, object, embed, form, input, button, video, audio, source, link, svg, math, portal, meta[http-equiv=refresh i], noscript, template',
    );
    if (forbidden) return `holds <${forbidden.localName}>`;
    for (const element of inside.querySelectorAll('*')) {
      for (const { name, value } of element.attributes) {
        if (name.startsWith('on')) return `has ${name}`;
        const isLink = element.localName === 'a' || element.localName === 'area';
        if (name === 'href' && (!isLink || !/^(https?|mailto|tel):/i.test(value.trim())))
          return `href ${value}`;
        if (name === 'src' && !value.startsWith('data:image/')) return `src ${value}`;
        if (/^(srcset|background|action|formaction|ping|poster|data|xlink:href)$/.test(name))
          return `has ${name}`;
      }
    }
    return null;
  });
}

/** What a page has outside its frames that a mail could have touched. */
function outside(page: Page): Promise<{ globals: string; stored: string; cookies: string }> {
  return page.evaluate(() => ({
    globals: JSON.stringify([
      'owned' in window,
      document.scripts.length,
      document.body.children.length,
      document.querySelectorAll('main').length,
      document.designMode,
    ]),
    stored: JSON.stringify(Object.entries(localStorage).sort()),
    cookies: document.cookie,
  }));
}

function watch(page: Page, ownUrl: string, tell: (wrong: string) => void): void {
  const isOurs = (url: string) => url.startsWith(ownUrl) || /^(data:|about:|blob:)/.test(url);
  page.on('dialog', (dialog) => {
    tell(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (isOurs(request.url())) return;
    tell(`asked ${request.url()}`);
  });
  page.on('popup', (popup) => tell(`a window: ${popup.url()}`));
  page.on('pageerror', (error) => tell(`an error: ${error.message}`));
  page.on('framenavigated', (frame) => {
    if (!isOurs(frame.url()) && frame.url() !== '') tell(`went to ${frame.url()}`);
  });
}
