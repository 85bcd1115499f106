import { parseArgs } from 'node:util';
import { createApiToken } from '../access/index.ts';
import { systemClock, systemSecrets } from '../clock.ts';
import { SCOPES, type Scope } from '../commands/index.ts';
import { commands, queries } from '../domain/index.ts';
import { type CliCommand, exits, type Outside, UsageError } from './command.ts';
import { memberNamed, orgNamed, system, withStore } from './store.ts';

const DAY_MS = 24 * 60 * 60_000;

const options = {
  name: { type: 'string' },
  scopes: { type: 'string', default: 'read,ingest' },
  email: { type: 'string' },
  days: { type: 'string' },
  org: { type: 'string' },
} as const;

export const token: CliCommand = {
  usage: 'token create --name NAME [--scopes read,ingest] [--email ADDRESS] | list | revoke ID',
  says: 'Makes an API token and prints it, this once; lists them; ends one at once.',
  async run(args, outside) {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
    const [verb, id, ...more] = positionals;
    if (verb === 'create' && id === undefined) {
      if (!values.name) throw new UsageError('A token needs a name, such as “--name app”.');
      const { name, org, email } = values;
      const made = { name, org, email, scopes: readScopes(values.scopes), days: readDays(values.days) };
      return create(outside, made);
    }
    if (verb === 'list' && id === undefined) return list(outside, values.org);
    if (verb === 'revoke' && id !== undefined && more.length === 0) return revoke(outside, id, values.org);
    throw new UsageError('Say “roost token create”, “roost token list” or “roost token revoke ID”.');
  },
};

interface Wanted {
  readonly name: string;
  readonly org: string | undefined;
  readonly email: string | undefined;
  readonly scopes: readonly Scope[];
  /** Null for one that lasts until it is revoked. */
  readonly days: number | null;
}

function create(outside: Outside, wanted: Wanted): Promise<number> {
  return withStore(outside, async (place) => {
    const org = await orgNamed(place, wanted.org);
    const { id } = await memberNamed(place, org, wanted.email);
    const { name, scopes, days } = wanted;
    const expires_at = days === null ? null : systemClock.now() + days * DAY_MS;
    const made = { org, user_id: id, name, scopes, expires_at };
    outside.out((await createApiToken(place.bus, systemSecrets, made)).token);
    return exits.ok;
  });
}

function list(outside: Outside, named: string | undefined): Promise<number> {
  return withStore(outside, async (place) => {
    const org = await orgNamed(place, named);
    const input = { user_id: null };
    for (const one of await place.bus.query(queries.listApiTokens, { org, actor: system, input }))
      outside.out(`${one.id}  ${one.scopes.join(',')}  ${one.name}`);
    return exits.ok;
  });
}

function revoke(outside: Outside, token_id: string, named: string | undefined): Promise<number> {
  return withStore(outside, async (place) => {
    const org = await orgNamed(place, named);
    const { result } = await place.bus.execute(commands.revokeAnyApiToken, {
      org,
      actor: system,
      input: { token_id },
    });
    outside.out(`The token “${result.name}” is good for nothing any more.`);
    return exits.ok;
  });
}

function readDays(written: string | undefined): number | null {
  if (written === undefined) return null;
  if (!/^[1-9]\d{0,3}$/.test(written)) throw new UsageError('“--days” is a whole number from 1 to 9999.');
  return Number(written);
}

function readScopes(written: string): Scope[] {
  const scopes = written.split(',').map((scope) => scope.trim());
  const unknown = scopes.find((scope) => !SCOPES.some((known) => known === scope));
  if (unknown !== undefined) throw new UsageError(`“${unknown}” is none of the scopes ${SCOPES.join(', ')}.`);
  return [...new Set(scopes)] as Scope[];
}
