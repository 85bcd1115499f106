import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { createOrganisation, slugOf } from '../access/index.ts';
import { readKeysUrl } from '../config.ts';
import { commands, HOST_ROLES, type HostRole, queries } from '../domain/index.ts';
import { type CliCommand, exits, type Outside, UsageError } from './command.ts';
import { linkFor } from './link.ts';
import { orgNamed, system, type Workplace, withStore } from './store.ts';

const options = {
  owner: { type: 'string' },
  'owner-name': { type: 'string', default: '' },
  id: { type: 'string' },
  'mail-domains': { type: 'string', default: '' },
  issuer: { type: 'string' },
  audience: { type: 'string', default: 'roost' },
  'secret-file': { type: 'string' },
  'jwks-url': { type: 'string' },
  'role-max': { type: 'string', default: 'agent' },
} as const;
type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];

export const org: CliCommand = {
  usage: 'org list | create NAME --owner ADDRESS | trust ID --issuer URL --secret-file FILE | distrust ID',
  says: 'Lists organisations, founds another one, or says whose tokens for their users it takes.',
  async run(args, outside) {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
    const [verb, name, ...more] = positionals;
    if (verb === 'list' && name === undefined) return list(outside);
    if (name === undefined || more.length > 0)
      throw new UsageError('Say “roost org list”, or name one organisation.');
    if (verb === 'create') return create(outside, name, values);
    if (verb === 'trust') return trust(outside, name, values);
    if (verb === 'distrust') return distrust(outside, name);
    throw new UsageError('Say “roost org list”, “create”, “trust” or “distrust”.');
  },
};

function list(outside: Outside): Promise<number> {
  return withStore(outside, async ({ bus }) => {
    const orgs = await bus.query(queries.listOrganisations, { org: '', actor: system, input: {} });
    for (const { id, name } of orgs) outside.out(`${id}  ${name}`);
    return exits.ok;
  });
}

function create(outside: Outside, name: string, values: Values): Promise<number> {
  const owner = values.owner;
  if (!owner) throw new UsageError('An organisation needs an owner, such as “--owner ann@example.org”.');
  const id = values.id ?? slugOf(name);
  if (id === '') throw new UsageError('Give it an id of letters and digits, such as “--id shop”.');
  const mail_domains = values['mail-domains']
    .split(',')
    .map((one) => one.trim().toLowerCase())
    .filter(Boolean);
  return withStore(outside, async (place) => {
    const made = { id, name, owner_email: owner, owner_name: values['owner-name'], mail_domains };
    const { owner_id } = await createOrganisation(place.bus, made);
    outside.out(`Founded ${id}.`);
    if (!(await hasPassword(place, owner_id)))
      outside.out(await linkFor(place, id, { id: owner_id, email: owner }));
    return exits.ok;
  });
}

/** Who has one signs in as always, and needs no link that opens everything. */
async function hasPassword({ bus }: Workplace, user_id: string): Promise<boolean> {
  return (await bus.query(queries.readPasswordHash, { org: '', actor: system, input: { user_id } })) !== null;
}

async function trust(outside: Outside, named: string, values: Values): Promise<number> {
  const { issuer, audience, 'secret-file': file, 'jwks-url': url, 'role-max': written } = values;
  if (!issuer || issuer === 'roost')
    throw new UsageError('Name the host application’s issuer with “--issuer”.');
  if ((file === undefined) === (url === undefined))
    throw new UsageError('Give either “--secret-file” or “--jwks-url”.');
  const role_max = HOST_ROLES.find((role) => role === written);
  if (!role_max) throw new UsageError(`“${written}” is none of the roles ${HOST_ROLES.join(', ')}.`);
  const jwks_url = url === undefined ? null : readKeysUrl(url);
  if (url !== undefined && jwks_url === null)
    throw new UsageError('“--jwks-url” is not a URL that starts with https://.');
  const secret = file === undefined ? null : await readSecret(file);
  return keep(outside, named, { issuer, audience, secret, jwks_url, role_max });
}

async function readSecret(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${file} cannot be read (${error.code}).`);
  });
  if (text.trim().length < 32) throw new UsageError('A secret has at least 32 characters.');
  return text.trim();
}

interface Trust {
  readonly issuer: string;
  readonly audience: string;
  readonly secret: string | null;
  readonly jwks_url: string | null;
  readonly role_max: HostRole;
}

function keep(outside: Outside, named: string, trust: Trust | null): Promise<number> {
  return withStore(outside, async (place) => {
    const org = await orgNamed(place, named);
    await place.bus.execute(commands.trustHost, { org, actor: system, input: { trust } });
    outside.out(
      trust
        ? `${org} takes tokens of ${trust.issuer} for ${trust.audience}, up to ${trust.role_max}.`
        : `${org} trusts no host application of its own.`,
    );
    return exits.ok;
  });
}

function distrust(outside: Outside, named: string): Promise<number> {
  return keep(outside, named, null);
}
