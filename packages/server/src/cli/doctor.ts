import { systemClock } from '../clock.ts';
import {
  type Config,
  type Environment,
  readConfig,
  settings,
  shownValue,
  unknownVariables,
} from '../config.ts';
import { checkCertificate } from './checks/certificate.ts';
import { checkClock } from './checks/clock.ts';
import { checkDatabase } from './checks/database.ts';
import { checkDisk } from './checks/disk.ts';
import type { Finding } from './checks/finding.ts';
import { checkPorts } from './checks/ports.ts';
import { checkRedis } from './checks/redis.ts';
import { type CliCommand, exits } from './command.ts';

export const doctor: CliCommand = {
  usage: 'doctor',
  says: 'Prints every setting, and checks what the server stands on.',
  async run(_args, { env, out }) {
    out(settingsText(env));
    const findings = [...misspelled(env), ...(await examine(readConfig(env)))];
    const width = Math.max(...findings.map(({ what }) => what.length));
    out('');
    for (const { state, what, says } of findings) out(`${state.padEnd(4)}  ${what.padEnd(width)}  ${says}`);
    return findings.some(({ state }) => state === 'fail') ? exits.failed : exits.ok;
  },
};

function settingsText(env: Environment): string {
  const all = Object.values(settings);
  const width = Math.max(...all.map(({ name }) => name.length));
  return all
    .map((one) => {
      const origin = env[one.name]?.trim() ? '' : '  (default)';
      return `${one.name.padEnd(width)}  ${shownValue(one, env)}${origin}\n${' '.repeat(width)}  ${one.says}`;
    })
    .join('\n');
}

function misspelled(env: Environment): Finding[] {
  return unknownVariables(env).map((name) => ({
    state: 'warn',
    what: 'settings',
    says: `${name} is no setting of this version; is it misspelled?`,
  }));
}

async function examine(config: Config): Promise<Finding[]> {
  const [ports, disk, database, redis, certificate] = await Promise.all([
    checkPorts(config),
    checkDisk(config.data),
    checkDatabase(config, systemClock.now),
    checkRedis(config.redisUrl, config.databaseUrl === null),
    checkCertificate(config, systemClock.now()),
  ]);
  const clock = checkClock(systemClock.now(), database.writtenAt);
  return [...ports, disk, clock, ...database.findings, redis, ...certificate];
}
