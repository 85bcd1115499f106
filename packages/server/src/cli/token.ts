import { parseArgs } from 'node:util';
import { createApiToken } from '../access/index.ts';
import { systemSecrets } from '../clock.ts';
import type { Scope } from '../commands/index.ts';
import { type CliCommand, exits, UsageError } from './command.ts';
import { memberNamed, withStore } from './store.ts';

const SCOPES: readonly Scope[] = ['read', 'ingest', 'admin'];

export const token: CliCommand = {
  usage: 'token create --name NAME [--scopes read,ingest] [--email ADDRESS]',
  says: 'Makes an API token and prints it, this once.',
  async run(args, outside) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        name: { type: 'string' },
        scopes: { type: 'string', default: 'read,ingest' },
        email: { type: 'string' },
      },
    });
    if (positionals.join(' ') !== 'create') throw new UsageError('Say “roost token create”.');
    const { name } = values;
    if (!name) throw new UsageError('A token needs a name, such as “--name app”.');
    const scopes = readScopes(values.scopes);
    return withStore(outside, async (place) => {
      const { id } = await memberNamed(place, values.email);
      const made = { org: place.founded.org, user_id: id, name, scopes };
      outside.out((await createApiToken(place.bus, systemSecrets, made)).token);
      return exits.ok;
    });
  },
};

function readScopes(written: string): Scope[] {
  const scopes = written.split(',').map((scope) => scope.trim());
  const unknown = scopes.find((scope) => !SCOPES.some((known) => known === scope));
  if (unknown !== undefined) throw new UsageError(`“${unknown}” is none of the scopes ${SCOPES.join(', ')}.`);
  return [...new Set(scopes)] as Scope[];
}
