import { parseArgs } from 'node:util';
import type { Role } from '@roost/protocol';
import { commands } from '../domain/index.ts';
import { type CliCommand, exits, type Outside, UsageError } from './command.ts';
import { linkFor } from './link.ts';
import { memberNamed, system, withStore } from './store.ts';

const ROLES: readonly Role[] = ['owner', 'admin', 'agent', 'viewer'];

export const member: CliCommand = {
  usage: 'member add|remove ADDRESS [--role agent]',
  says: 'Adds somebody and prints their sign-in link, or removes them at once.',
  async run(args, outside) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { role: { type: 'string', default: 'agent' }, name: { type: 'string', default: '' } },
    });
    const [verb, email, ...more] = positionals;
    if (email === undefined || more.length > 0) throw new UsageError('Name one address.');
    if (verb === 'add') return add(outside, email, readRole(values.role), values.name);
    if (verb === 'remove') return remove(outside, email);
    throw new UsageError('Say “roost member add” or “roost member remove”.');
  },
};

function add(outside: Outside, email: string, role: Role, name: string): Promise<number> {
  return withStore(outside, async (place) => {
    const { result } = await place.bus.execute(commands.addMember, {
      org: place.founded.org,
      actor: system,
      input: { email, name, role, password_hash: null },
    });
    outside.out(await linkFor(place, result));
    return exits.ok;
  });
}

function remove(outside: Outside, email: string): Promise<number> {
  return withStore(outside, async (place) => {
    const { id } = await memberNamed(place, email);
    await place.bus.execute(commands.removeMember, {
      org: place.founded.org,
      actor: system,
      input: { user_id: id },
    });
    outside.out(`${email} is no longer a member.`);
    return exits.ok;
  });
}

function readRole(written: string): Role {
  const role = ROLES.find((known) => known === written);
  if (!role) throw new UsageError(`“${written}” is none of the roles ${ROLES.join(', ')}.`);
  return role;
}
