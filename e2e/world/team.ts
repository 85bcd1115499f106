import type { Browser, Page } from 'playwright-core';
import {
  type SimulatorSettings,
  startWhatsAppSimulator,
  type WhatsAppSimulator,
} from '../../packages/server/src/simulate/whatsapp/index.ts';
import { type Roost, signIn, startRoost } from './roost.ts';

const PASSWORD = 'a long enough password';

export interface Agent {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

/** A server with a WhatsApp number, a mail address, and two people who look after both. */
export interface Team {
  readonly roost: Roost;
  readonly whatsapp: WhatsAppSimulator;
  readonly ana: Agent;
  readonly ben: Agent;
  readonly inboxes: { readonly whatsapp: string; readonly mail: string };
  /** REST as the owner; throws on anything but 2xx. */
  ask<T>(method: string, path: string, body?: unknown): Promise<T>;
  /** Ends it, and removes its data. */
  close(): Promise<void>;
}

/** Every answer is read in a moment. */
const QUICKLY: SimulatorSettings['statuses'] = { sent_ms: 10, delivered_ms: 40, read_ms: 200 };

/** @param statuses  when WhatsApp tells of what was sent */
export async function startTeam(statuses: SimulatorSettings['statuses'] = QUICKLY): Promise<Team> {
  const whatsapp = await startWhatsAppSimulator({ statuses });
  const roost = await startRoost({ ROOST_WHATSAPP_URL: whatsapp.graphUrl });
  whatsapp.aim(`${roost.url}/webhooks/whatsapp`);
  const owner = await signIn(roost);
  const ask = <T>(method: string, path: string, body?: unknown) =>
    request<T>(roost.url, owner, method, path, body);
  const { settings } = whatsapp;
  const inboxOf = async (body: object) => (await ask<{ id: string }>('POST', '/inboxes', body)).id;
  const inboxes = {
    mail: await inboxOf({ kind: 'mail', address: 'help@qa.test', name: 'Help' }),
    whatsapp: await inboxOf({
      kind: 'whatsapp',
      address: settings.phone_number_id,
      name: 'Shop phone',
      phone: `+${settings.display_phone}`,
      settings: {
        token: settings.token,
        app_secret: settings.app_secret,
        verify_token: settings.verify_token,
        account_id: settings.account_id,
      },
    }),
  };
  const join = async (name: string): Promise<Agent> => {
    const email = `${name.toLowerCase()}@roost.test`;
    const { invitation } = await ask<{ invitation: string }>('POST', '/invitations', {
      email,
      role: 'agent',
    });
    const { user_id } = await request<{ user_id: string }>(roost.url, null, 'POST', '/invitations/accept', {
      invitation,
      name,
      password: PASSWORD,
    });
    return { id: user_id, name, email };
  };
  const [ana, ben] = [await join('Ana'), await join('Ben')];
  const close = async () => {
    await roost.remove();
    await whatsapp.close();
  };
  return { roost, whatsapp, ana, ben, inboxes, ask, close };
}

/** An agent's screen, in a browser of their own. @param url  where they reach the server, when not directly */
export async function openAs(
  browser: Browser,
  team: Team,
  agent: Agent,
  url: string = team.roost.url,
): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await page.goto(`${url}/sign-in`);
  await page.getByLabel(/e-?mail/i).fill(agent.email);
  await page.getByLabel(/password/i).fill(PASSWORD);
  await page.getByRole('button', { name: /sign in/i }).click();
  await page.getByRole('heading', { name: 'Open' }).waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
  return page;
}

async function request<T>(
  url: string,
  token: string | null,
  method: string,
  path: string,
  body: unknown,
): Promise<T> {
  const answer = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}
