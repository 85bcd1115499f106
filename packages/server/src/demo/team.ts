import type { InboxRow } from '@roost/protocol';
import type { WhatsAppSimulator } from '../simulate/whatsapp/index.ts';
import { Api } from './api.ts';
import { agents, stories } from './people.ts';

export interface DemoAgent {
  readonly name: string;
  readonly email: string;
  readonly user_id: string;
  readonly api: Api;
}

export interface DemoTeam {
  readonly agents: readonly DemoAgent[];
  readonly password: string;
  readonly mailAddress: string;
  readonly chatInbox: InboxRow;
  /** Of the owner, who makes the tokens of visitors. */
  readonly owner: Api;
}

const SCOPES = ['read', 'write', 'ingest'] as const;

/** Sets a team of three up the way an admin would: by the API alone. */
export async function setUpTeam(
  url: string,
  signInUrl: string,
  password: string,
  simulator: WhatsAppSimulator,
): Promise<DemoTeam> {
  const outside = new Api(url);
  const link = new URLSearchParams(new URL(signInUrl).hash.slice(1)).get('link');
  const { access_token } = await outside.ask<{ access_token: string }>('POST', '/api/v1/sessions', { link });
  const owner = outside.as(access_token);
  const mailAddress = 'support@demo.test';
  await owner.ask('POST', '/api/v1/inboxes', { kind: 'mail', address: mailAddress, name: 'Support' });
  const chatInbox = await owner.ask<InboxRow>('POST', '/api/v1/inboxes', { kind: 'api', name: 'Shop chat' });
  const { settings } = simulator;
  await owner.ask('POST', '/api/v1/inboxes', {
    kind: 'whatsapp',
    address: settings.phone_number_id,
    name: 'WhatsApp',
    phone: `+${settings.display_phone}`,
    settings: {
      token: settings.token,
      app_secret: settings.app_secret,
      verify_token: settings.verify_token,
      account_id: settings.account_id,
    },
  });
  await addPhrases(owner);
  const team: DemoAgent[] = [];
  for (const agent of agents) team.push(await addAgent(outside, owner, agent, password));
  return { agents: team, password, mailAddress, chatInbox, owner };
}

async function addAgent(
  outside: Api,
  owner: Api,
  agent: { readonly name: string; readonly email: string },
  password: string,
): Promise<DemoAgent> {
  const { invitation } = await owner.ask<{ invitation: string }>('POST', '/api/v1/invitations', {
    email: agent.email,
    role: 'agent',
  });
  const signedIn = await outside.ask<{ access_token: string; user_id: string }>(
    'POST',
    '/api/v1/invitations/accept',
    { invitation, name: agent.name, password },
  );
  const { token } = await outside
    .as(signedIn.access_token)
    .ask<{ token: string }>('POST', '/api/v1/me/tokens', { name: 'demo', scopes: SCOPES });
  return { ...agent, user_id: signedIn.user_id, api: outside.as(token) };
}

async function addPhrases(owner: Api): Promise<void> {
  const colors = ['#2f7d5b', '#b4552d', '#3d5ba9', '#8a5aa8', '#a58b1f'];
  const labels = [...new Set(stories.map(({ label }) => label))];
  for (const [at, label] of labels.entries())
    await owner.ask('PUT', `/api/v1/labels/${label}`, { color: colors[at % colors.length] });
  await owner.ask('POST', '/api/v1/canned-replies', {
    shortcut: 'hello',
    title: 'Greeting',
    text: 'Hello {{contact.name}}, thank you for writing to us. I am {{agent.name}} and I look into it right now.',
  });
  await owner.ask('POST', '/api/v1/canned-replies', {
    shortcut: 'bye',
    title: 'Closing',
    text: 'I am glad it is solved. Write to us any time.',
  });
}
