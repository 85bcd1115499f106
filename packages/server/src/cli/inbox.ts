import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { InboxRow } from '@roost/protocol';
import { readInput } from '../commands/index.ts';
import { commands, queries, whatsappSettings } from '../domain/index.ts';
import { type CliCommand, exits, type Outside, UsageError } from './command.ts';
import { orgNamed, system, type Workplace, withStore } from './store.ts';

const options = {
  name: { type: 'string' },
  address: { type: 'string' },
  org: { type: 'string' },
  restricted: { type: 'boolean', default: false },
  'phone-number-id': { type: 'string' },
  phone: { type: 'string' },
  token: { type: 'string' },
  'app-secret': { type: 'string' },
  'verify-token': { type: 'string' },
  'account-id': { type: 'string' },
} as const;

type Given = Readonly<{
  [Name in keyof typeof options]?: (typeof options)[Name]['type'] extends 'boolean' ? boolean : string;
}>;
type NewInbox = Parameters<typeof commands.createInbox.run>[1];

const KINDS: Readonly<Record<string, (given: Given) => Promise<NewInbox> | NewInbox>> = {
  whatsapp,
  mail: (given) => {
    if (!given.address)
      throw new UsageError('Say which address or domain, such as “--address help@example.org”.');
    return { kind: 'mail', address: given.address, ...common(given) };
  },
  api: (given) => ({ kind: 'api', ...common(given) }),
};

export const inbox: CliCommand = {
  usage: `inbox list | add ${Object.keys(KINDS).join('|')} [--name NAME] [--restricted] …`,
  says: 'Lists inboxes, or adds one; for WhatsApp with --phone-number-id, --token and --app-secret (or @FILE).',
  async run(args, outside) {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
    const [verb, kind, ...more] = positionals;
    if (verb === 'list' && kind === undefined) return list(outside, values.org);
    const make = Object.hasOwn(KINDS, kind ?? '') ? KINDS[kind as string] : undefined;
    if (verb !== 'add' || !make || more.length > 0)
      throw new UsageError(
        `Say “roost inbox list” or “roost inbox add” with one of ${Object.keys(KINDS).join(', ')}.`,
      );
    const input = await make(values);
    return withStore(outside, async (place) => {
      const org = await orgNamed(place, values.org);
      const { result } = await place.bus.execute(commands.createInbox, { org, actor: system, input });
      outside.out(`${result.id}  ${described(result)}`);
      if (result.kind === 'whatsapp') outside.out(webhookWords(place));
      return exits.ok;
    });
  },
};

function list(outside: Outside, named: string | undefined): Promise<number> {
  return withStore(outside, async (place) => {
    const org = await orgNamed(place, named);
    const all = await place.bus.query(queries.listAllInboxes, { org: '', actor: system, input: {} });
    for (const one of all.filter((one) => one.org === org)) outside.out(`${one.id}  ${described(one)}`);
    return exits.ok;
  });
}

function described({ kind, address, name, access }: InboxRow): string {
  const called = name === address ? '' : `  ${name}`;
  return `${kind.padEnd(8)}  ${address}${called}${access === 'members' ? '  (members only)' : ''}`;
}

function common({ name, restricted }: Given) {
  return {
    ...(name === undefined ? {} : { name }),
    access: restricted ? ('members' as const) : ('everyone' as const),
    member_ids: [],
    settings: {},
  };
}

/** Keys may be written as `@FILE`: what stands on a command line, everybody on the machine can read. */
async function whatsapp(given: Given): Promise<NewInbox> {
  const id = given['phone-number-id'];
  if (!id || !/^\d{1,64}$/.test(id))
    throw new UsageError('Say the number by “--phone-number-id”, digits only.');
  const { token, 'app-secret': secret } = given;
  if (!token || !secret) throw new UsageError('A WhatsApp inbox needs “--token” and “--app-secret”.');
  const settings = readInput(whatsappSettings, {
    token: await keyIn(token),
    app_secret: await keyIn(secret),
    verify_token: given['verify-token'] === undefined ? null : await keyIn(given['verify-token']),
    account_id: given['account-id'] ?? null,
  });
  return { ...common(given), kind: 'whatsapp', address: id, phone: given.phone ?? null, settings };
}

async function keyIn(written: string): Promise<string> {
  if (!written.startsWith('@')) return written;
  const path = written.slice(1);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${path} cannot be read (${error.code}).`);
  });
  return text.trim();
}

function webhookWords({ config }: Workplace): string {
  const base = config.publicUrl ?? `http://${config.host}:${config.port}`;
  return `Its webhook is ${base}/webhooks/whatsapp, subscribed to “messages” and “message_template_status_update”.`;
}
