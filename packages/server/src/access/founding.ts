import { Failure } from '@roost/protocol';
import type { Secrets } from '../clock.ts';
import type { CommandBus } from '../commands/index.ts';
import { commands, queries } from '../domain/index.ts';
import type { Passwords } from './passwords.ts';
import { newSecret } from './secret.ts';

/**
 * The organisation made at the first start. Not drawn: of two servers that start at once on one empty database, only
 * one can found it, and the other finds it there.
 */
const FIRST_ORG = 'main';
const FIRST_ORG_NAME = 'Roost';
const ACCESS_KEY = 'access_key';

const system = { kind: 'system', name: 'start' } as const;

interface Needs {
  readonly bus: Pick<CommandBus, 'execute' | 'query'>;
  readonly passwords: Passwords;
  readonly secrets: Secrets;
}

export interface Wanted {
  readonly ownerEmail: string;
  readonly ownerPassword: string | null;
  /** Addresses, domains and patterns whose mail is taken. */
  readonly mailDomains: readonly string[];
}

export interface Founded {
  readonly org: string;
  readonly owner: { readonly user_id: string; readonly email: string; readonly has_password: boolean };
  /** Signs access tokens, the same on every node. */
  readonly accessKey: string;
}

/** Sees to it that there is an organisation with an owner, its inboxes and its key. Safe to repeat. */
export async function found(needs: Needs, wanted: Wanted): Promise<Founded> {
  const { bus, secrets } = needs;
  const org = await knownOrganisation(bus).then((known) => known ?? foundFirst(bus, wanted.ownerEmail));
  const owner = await ownerWithPassword(needs, org, wanted);
  await keepInboxes(bus, org, wanted.mailDomains);
  return { org, owner, accessKey: await keepAccessKey(bus, org, secrets) };
}

/** The organisation that the command line speaks of: the oldest. */
export async function knownOrganisation(bus: Pick<CommandBus, 'query'>): Promise<string | null> {
  const organisations = await bus.query(queries.listOrganisations, { org: '', actor: system, input: {} });
  return organisations[0]?.id ?? null;
}

async function foundFirst(bus: Needs['bus'], ownerEmail: string): Promise<string> {
  try {
    await bus.execute(commands.foundOrganisation, {
      org: FIRST_ORG,
      actor: system,
      input: { name: FIRST_ORG_NAME, owner_email: ownerEmail, owner_name: '', password_hash: null },
    });
  } catch (error) {
    const foundElsewhere = await knownOrganisation(bus);
    if (foundElsewhere === null) throw error;
    return foundElsewhere;
  }
  return FIRST_ORG;
}

/** Looks before it writes: on every start but the first there is nothing to do. */
async function keepInboxes(bus: Needs['bus'], org: string, addresses: readonly string[]): Promise<void> {
  const inboxes = await bus.query(queries.listAllInboxes, { org, actor: system, input: {} });
  const known = new Set(inboxes.map(({ address }) => address));
  for (const address of addresses.filter((one) => !known.has(one))) {
    await bus.execute(commands.keepMailInbox, { org, actor: system, input: { address } });
  }
}

async function keepAccessKey(bus: Needs['bus'], org: string, secrets: Secrets): Promise<string> {
  const known = await bus.query(queries.readSetting, { org, actor: system, input: { name: ACCESS_KEY } });
  if (known !== null) return known;
  const { result } = await bus.execute(commands.keepSetting, {
    org,
    actor: system,
    input: { name: ACCESS_KEY, value: newSecret(secrets) },
  });
  return result;
}

async function ownerWithPassword(
  { bus, passwords }: Needs,
  org: string,
  { ownerEmail, ownerPassword }: Wanted,
): Promise<Founded['owner']> {
  const members = await bus.query(queries.listMembers, { org, actor: system, input: {} });
  const owners = members.filter(({ role, active }) => role === 'owner' && active === 1);
  const owner = owners.find(({ email }) => email === ownerEmail) ?? owners[0];
  if (!owner) throw new Failure('member.unknown', 'This organisation has no owner.');
  const person = { user_id: owner.id, email: owner.email };
  if (owner.has_password || ownerPassword === null) {
    return { ...person, has_password: Boolean(owner.has_password) };
  }
  await bus.execute(commands.setPassword, {
    org,
    actor: system,
    input: { user_id: owner.id, password_hash: await passwords.hash(ownerPassword), kept_session_id: null },
  });
  return { ...person, has_password: true };
}
