import { parseArgs } from 'node:util';
import { readConfig } from '../config.ts';
import { startDemo } from '../demo/index.ts';
import { createLog } from '../log.ts';
import { type CliCommand, exits, UsageError } from './command.ts';
import { stopSignal } from './start.ts';

export const demo: CliCommand = {
  usage: 'demo [--pace 1]',
  says: 'Runs a server of its own with a team and customers who write; Ctrl+C ends it and removes its data.',
  async run(args, { env, out }) {
    const { values } = parseArgs({ args: [...args], options: { pace: { type: 'string', default: '1' } } });
    const pace = Number(values.pace);
    if (!(pace >= 0.1 && pace <= 100)) throw new UsageError('A pace is 0.1 to 100 times that of people.');
    const log = createLog(readConfig({ ...env, ROOST_LOG_LEVEL: env.ROOST_LOG_LEVEL ?? 'warn' }).logLevel);
    const running = await startDemo(env, log, pace);
    out(`The demo is live at ${running.url}`);
    out('');
    for (const { name, email } of running.agents)
      out(`  ${name.padEnd(14)} ${email.padEnd(18)} ${running.password}`);
    out('');
    out('Sign in as one of them (in two browsers, as two of them); the others answer by themselves.');
    out(
      `Write to ${running.mailAddress} at ${running.smtpUrl}, or as a WhatsApp customer at ${running.simulatorUrl}`,
    );
    out('Ctrl+C ends the demo and removes its data.');
    await stopSignal(log);
    await running.stop();
    process.exit(exits.ok);
  },
};
