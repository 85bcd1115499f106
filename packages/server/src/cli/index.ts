import { Failure } from '@roost/protocol';
import { BackupError } from '../backup/error.ts';
import { BadSetting } from '../config.ts';
import { OpeningError } from '../store/opening-error.ts';
import { type CliCommand, exits, type Outside, UsageError } from './command.ts';

/** Each loads only what it needs: asking for the version does not load a database. */
const commands: Readonly<Record<string, () => Promise<CliCommand>>> = {
  start: async () => (await import('./start.ts')).start,
  demo: async () => (await import('./demo.ts')).demo,
  doctor: async () => (await import('./doctor.ts')).doctor,
  link: async () => (await import('./link.ts')).link,
  token: async () => (await import('./token.ts')).token,
  member: async () => (await import('./member.ts')).member,
  org: async () => (await import('./org.ts')).org,
  inbox: async () => (await import('./inbox.ts')).inbox,
  simulate: async () => (await import('./simulate.ts')).simulate,
  ingest: async () => (await import('./ingest.ts')).ingest,
  backup: async () => (await import('./backup.ts')).backup,
  restore: async () => (await import('./restore.ts')).restore,
  version: async () => (await import('./version.ts')).version,
};

/**
 * Runs `roost <args>`.
 *
 * @returns the exit code; what went wrong has been said in one sentence
 */
export async function runCommand(args: readonly string[], outside: Outside): Promise<number> {
  const [name = 'start', ...rest] = args;
  try {
    if (['help', '--help', '-h'].includes(name)) return await help(outside);
    const load = commands[name === '--version' || name === '-v' ? 'version' : name];
    if (!load) throw new UsageError(`There is no command “${name}”.`);
    return await (await load()).run(rest, outside);
  } catch (error) {
    return told(error, outside);
  }
}

function told(error: unknown, { err }: Outside): number {
  if (error instanceof BadSetting) {
    err(`roost: ${error.message}`);
    return exits.config;
  }
  if (error instanceof UsageError || isParseError(error)) {
    err(`roost: ${error.message.split('\n')[0]} See “roost help”.`);
    return exits.usage;
  }
  if (error instanceof Failure || error instanceof OpeningError || error instanceof BackupError) {
    err(`roost: ${error.message}`);
    return exits.failed;
  }
  err(`roost: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return exits.software;
}

/** Of `parseArgs`: an option nobody knows, or one without its value. */
function isParseError(error: unknown): error is Error {
  return (
    error instanceof TypeError && String((error as { code?: unknown }).code).startsWith('ERR_PARSE_ARGS')
  );
}

async function help({ out }: Outside): Promise<number> {
  const all = await Promise.all(Object.values(commands).map((load) => load()));
  const width = Math.max(...all.map(({ usage }) => usage.length));
  out('Roost, a real-time inbox.\n');
  for (const { usage, says } of all) out(`  roost ${usage.padEnd(width)}  ${says}`);
  out('\nSettings are environment variables; “roost doctor” prints them all.');
  return exits.ok;
}
