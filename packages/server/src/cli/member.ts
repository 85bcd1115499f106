import { parseArgs } from 'node:util';
import type { Role } from '@roost/protocol';
import { invitationUrl, invite } from '../access/index.ts';
import { systemClock, systemSecrets } from '../clock.ts';
import { commands, queries } from '../domain/index.ts';
import { type CliCommand, exits, type Outside, UsageError } from './command.ts';
import { linkFor, publicUrlOf } from './link.ts';
import { memberNamed, orgNamed, system, type Workplace, withStore } from './store.ts';

const ROLES: readonly Role[] = ['owner', 'admin', 'agent', 'viewer'];

const options = {
  role: { type: 'string', default: 'agent' },
  name: { type: 'string', default: '' },
  org: { type: 'string' },
  inboxes: { type: 'string', default: '' },
} as const;

/** What is done with whom, where. */
interface Deed {
  readonly place: Workplace;
  readonly org: string;
  readonly email: string;
  readonly role: Role;
  readonly name: string;
  readonly inboxIds: readonly string[];
}

/** Returns what is said of it. */
const verbs: Readonly<Record<string, (deed: Deed) => Promise<string>>> = {
  add,
  invite: inviteThem,
  role,
  deactivate,
  reactivate,
  remove,
};

export const member: CliCommand = {
  usage: `member list | ${Object.keys(verbs).join('|')} ADDRESS [--role agent] [--org ID]`,
  says: 'Adds or invites somebody and prints their link, changes their role, or ends what they may at once.',
  async run(args, outside) {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
    const [verb, email, ...more] = positionals;
    if (verb === 'list' && email === undefined) return list(outside, values.org);
    if (email === undefined || more.length > 0) throw new UsageError('Name one address.');
    const run = Object.hasOwn(verbs, verb ?? '') ? verbs[verb as string] : undefined;
    if (!run) throw new UsageError(`Say “roost member list”, or one of ${Object.keys(verbs).join(', ')}.`);
    const said = {
      email,
      role: readRole(values.role),
      name: values.name,
      inboxIds: values.inboxes
        .split(',')
        .map((id) => id.trim())
        .filter(Boolean),
    };
    return withStore(outside, async (place) => {
      outside.out(await run({ place, org: await orgNamed(place, values.org), ...said }));
      return exits.ok;
    });
  },
};

function list(outside: Outside, named: string | undefined): Promise<number> {
  return withStore(outside, async (place) => {
    const org = await orgNamed(place, named);
    const members = await place.bus.query(queries.listMembers, { org, actor: system, input: {} });
    for (const { role, email, active } of members)
      outside.out(`${role.padEnd(6)}  ${email}${active === 1 ? '' : '  (deactivated)'}`);
    return exits.ok;
  });
}

async function add({ place, org, email, role, name }: Deed): Promise<string> {
  const input = { email, name, role, password_hash: null };
  const { result } = await place.bus.execute(commands.addMember, { org, actor: system, input });
  return linkFor(place, org, result);
}

async function inviteThem({ place, org, email, role, name, inboxIds }: Deed): Promise<string> {
  const needs = { bus: place.bus, secrets: systemSecrets, clock: systemClock };
  const invited = { email, name, role, inbox_ids: inboxIds };
  const { secret } = await invite(needs, { org, actor: system }, invited);
  return invitationUrl(publicUrlOf(place), secret);
}

async function role({ place, org, email, role }: Deed): Promise<string> {
  const { id } = await memberNamed(place, org, email);
  await place.bus.execute(commands.changeRole, { org, actor: system, input: { user_id: id, role } });
  return `${email} is ${role} now.`;
}

async function deactivate({ place, org, email }: Deed): Promise<string> {
  const { id } = await memberNamed(place, org, email);
  await place.bus.execute(commands.deactivateMember, { org, actor: system, input: { user_id: id } });
  return `${email} can no longer sign in.`;
}

async function reactivate({ place, org, email }: Deed): Promise<string> {
  const { id } = await memberNamed(place, org, email);
  await place.bus.execute(commands.reactivateMember, { org, actor: system, input: { user_id: id } });
  return `${email} can sign in again.`;
}

async function remove({ place, org, email }: Deed): Promise<string> {
  const { id } = await memberNamed(place, org, email);
  await place.bus.execute(commands.removeMember, { org, actor: system, input: { user_id: id } });
  return `${email} is no longer a member.`;
}

function readRole(written: string): Role {
  const role = ROLES.find((known) => known === written);
  if (!role) throw new UsageError(`“${written}” is none of the roles ${ROLES.join(', ')}.`);
  return role;
}
