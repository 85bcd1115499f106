import { type Config, readConfig } from '../config.ts';
import { createLog, type Log } from '../log.ts';
import { type Running, start as startServer } from '../main.ts';
import { type CliCommand, exits } from './command.ts';

/** The drain has its own deadline below this one; past it, whatever still hangs is left behind. */
const STOP_MAX_MS = 9_500;

export const start: CliCommand = {
  usage: '[start]',
  says: 'Runs the server in the foreground.',
  async run(_args, { env, out, err }) {
    const config = readConfig(env);
    const log = createLog(config.logLevel);
    endOnSurprise(log);
    let running: Running;
    try {
      running = await startServer(config, log);
    } catch (error) {
      const sentence = portSentence(error, config);
      if (sentence === null) throw error;
      err(`roost: ${sentence}`);
      process.exit(exits.failed);
    }
    out(`Roost is live at ${running.url}`);
    out(`Mail is taken at ${running.smtpUrl}`);
    if (running.signInUrl) out(`Sign in once by ${running.signInUrl}`);
    await stopSignal(log);
    return endIn(STOP_MAX_MS, running.stop('signal'), log);
  },
};

/** Resolves at the first signal. A second one ends the process at once, for people who cannot wait. */
export function stopSignal(log: Log): Promise<void> {
  return new Promise((resolve) => {
    let count = 0;
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        count += 1;
        if (count > 1) process.exit(signal === 'SIGINT' ? 130 : 143);
        log.info({ signal }, 'Told to stop');
        resolve();
      });
    }
  });
}

async function endIn(ms: number, stopped: Promise<void>, log: Log): Promise<number> {
  setTimeout(() => {
    log.warn('Something did not close in time');
    process.exit(exits.ok);
  }, ms).unref();
  await stopped;
  // A timer or handle that somebody forgot must not keep a stopped server alive.
  process.exit(exits.ok);
}

/** Nothing is known any more of what is half done; what was acknowledged is on disk, and a fresh start is clean. */
function endOnSurprise(log: Log): void {
  const end = (error: unknown) => {
    log.fatal({ err: error }, 'An error that nobody expected');
    process.exit(exits.software);
  };
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
}

/** What the system says of a port, in words; null for anything else. */
function portSentence(error: unknown, { smtpPort }: Config): string | null {
  const { code, syscall, port, address } = error as NodeJS.ErrnoException & {
    port?: number;
    address?: string;
  };
  if (syscall !== 'listen') return null;
  const variable = port === smtpPort ? 'ROOST_SMTP_PORT' : 'ROOST_PORT';
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} on ${address} is taken by another program; choose another by ${variable}.`;
    case 'EACCES':
      return `Port ${port} needs more rights than this account has; choose another by ${variable}.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `This machine has no address ${address}; set ROOST_HOST to one it has.`;
    default:
      return `Port ${port} on ${address} cannot be opened (${code}).`;
  }
}
