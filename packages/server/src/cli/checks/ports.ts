import { connect, createServer } from 'node:net';
import { addressOf } from '../../address.ts';
import type { Config } from '../../config.ts';
import { type Finding, within } from './finding.ts';

const ANSWER_MAX_MS = 3_000;

/** Both ports are free to take, or a Roost answers on them already. */
export function checkPorts(config: Config): Promise<Finding[]> {
  const { host, port, smtpPort } = config;
  return Promise.all([
    checkPort(`web port ${port}`, host, port, () => webAnswers(addressOf('http', host, port))),
    checkPort(`mail port ${smtpPort}`, host, smtpPort, () => mailAnswers(addressOf('smtp', host, smtpPort))),
  ]);
}

function checkPort(
  what: string,
  host: string,
  port: number,
  isOurs: () => Promise<boolean>,
): Promise<Finding> {
  return within(2 * ANSWER_MAX_MS, what, async () => {
    if (port === 0) return { state: 'ok', what, says: 'A free port will be taken.' };
    const problem = await tryToListen(host, port);
    if (problem === null) return { state: 'ok', what, says: `Free on ${host}.` };
    if (problem !== 'EADDRINUSE')
      return { state: 'fail', what, says: `Cannot be opened on ${host} (${problem}).` };
    return (await isOurs())
      ? { state: 'ok', what, says: 'Roost is running here.' }
      : { state: 'fail', what, says: `Taken on ${host} by another program.` };
  });
}

/** Null when it works, else what the system says. */
function tryToListen(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host, port }, () => server.close(() => resolve(null)));
  });
}

async function webAnswers(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/api/v1/server`, { signal: AbortSignal.timeout(ANSWER_MAX_MS) });
    return ((await answer.json()) as { name?: unknown }).name === 'Roost';
  } catch {
    return false;
  }
}

/** Whether the greeting of a mail server there names us. */
function mailAnswers(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname.replace(/^\[|\]$/g, ''));
    let greeting = '';
    const end = (isOurs: boolean) => {
      socket.destroy();
      resolve(isOurs);
    };
    socket.setTimeout(ANSWER_MAX_MS, () => end(false));
    socket.once('error', () => end(false));
    socket.once('close', () => resolve(false));
    socket.on('data', (chunk) => {
      greeting += chunk.toString('latin1');
      if (greeting.includes('\n') || greeting.length > 1000) end(/^220[ -].*\bRoost\b/i.test(greeting));
    });
  });
}
