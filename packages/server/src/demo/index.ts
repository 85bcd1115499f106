import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, systemRandom, systemSecrets } from '../clock.ts';
import { type Environment, readConfig } from '../config.ts';
import type { Log } from '../log.ts';
import { start } from '../main.ts';
import { startWhatsAppSimulator } from '../simulate/whatsapp/index.ts';
import { startMailOut } from './mail-out.ts';
import { setUpTeam } from './team.ts';
import { Traffic } from './traffic.ts';

export interface Demo {
  readonly url: string;
  readonly agents: readonly { readonly name: string; readonly email: string }[];
  readonly password: string;
  /** The simulated platform's own page. */
  readonly simulatorUrl: string;
  readonly mailAddress: string;
  readonly smtpUrl: string;
  /** Ends everything, and removes every byte of it. */
  stop(): Promise<void>;
}

/**
 * A server of its own with a team of three and customers who write to them, in a folder that goes with it. Everything
 * goes the way it goes in earnest: mail by SMTP, WhatsApp by webhooks of a simulator, the rest by REST.
 *
 * @param pace  how many times faster than people everything goes
 */
export async function startDemo(env: Environment, log: Log, pace: number): Promise<Demo> {
  const folder = await mkdtemp(join(tmpdir(), 'roost-demo-'));
  const endings: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const stop = async () => {
    for (const end of endings.reverse()) await end();
    endings.length = 0;
  };
  try {
    const simulator = await startWhatsAppSimulator();
    endings.push(() => simulator.close());
    const mailOut = await startMailOut();
    endings.push(() => mailOut.close());
    const ways = { ROOST_WHATSAPP_URL: simulator.graphUrl, ROOST_SMTP_URL: mailOut.url };
    const server = await start(readConfig(settingsOf(env, folder, ways)), log);
    endings.push(() => server.stop('demo over'));
    simulator.aim(`${server.url}/webhooks/whatsapp`);
    if (server.signInUrl === null) throw new Error('The demo found an owner with a password.');
    const password = systemSecrets(9).toString('base64url');
    const team = await setUpTeam(server.url, server.signInUrl, password, simulator);
    const traffic = new Traffic({
      team,
      simulator,
      url: server.url,
      smtpPort: Number(new URL(server.smtpUrl).port),
      clock: systemClock,
      random: systemRandom,
      pace,
      trouble: (err) => log.warn({ err }, 'Somebody in the demo did not get through'),
    });
    traffic.start();
    endings.push(async () => traffic.stop());
    const { agents, mailAddress } = team;
    return {
      url: server.url,
      agents,
      password,
      simulatorUrl: simulator.url,
      mailAddress,
      smtpUrl: server.smtpUrl,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** As the person set them, but for what makes it a demo: a folder of its own, no other database, a platform of its own. */
function settingsOf(env: Environment, folder: string, ways: Environment): Environment {
  const {
    ROOST_DATABASE_URL: _,
    ROOST_REDIS_URL: __,
    ROOST_OWNER_EMAIL: ___,
    ROOST_OWNER_PASSWORD: ____,
    ...rest
  } = env;
  return {
    ...rest,
    ROOST_DATA: folder,
    ...ways,
    ROOST_MAIL_DOMAINS: 'demo.test',
    ROOST_LOG_LEVEL: env.ROOST_LOG_LEVEL ?? 'warn',
  };
}
