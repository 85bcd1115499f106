import { parseArgs } from 'node:util';
import { systemClock, systemRandom } from '../clock.ts';
import { type SimulatorSettings, startWhatsAppSimulator } from '../simulate/whatsapp/index.ts';
import { LiveTalk } from '../simulate/whatsapp/live-talk.ts';
import { type CliCommand, exits, type Outside, UsageError } from './command.ts';

const PORT = 8090;

const options = {
  port: { type: 'string', default: String(PORT) },
  host: { type: 'string', default: '127.0.0.1' },
  target: { type: 'string' },
  token: { type: 'string' },
  'app-secret': { type: 'string' },
  'verify-token': { type: 'string' },
  'phone-number-id': { type: 'string' },
  'account-id': { type: 'string' },
  phone: { type: 'string' },
  duplicates: { type: 'string' },
  shuffle: { type: 'boolean', default: false },
  rate: { type: 'string' },
  delay: { type: 'string' },
  'read-after': { type: 'string' },
  customers: { type: 'string', default: '0' },
  every: { type: 'string', default: '5000' },
  from: { type: 'string' },
  name: { type: 'string' },
  say: { type: 'string', multiple: true },
  once: { type: 'boolean', default: false },
} as const;

export const simulate: CliCommand = {
  usage: 'simulate whatsapp [--port 8090] [--target URL] [--say TEXT] [--once] [--customers N] …',
  says: 'Stands in for WhatsApp: its API, its webhooks, and people who write. Its page says how.',
  async run(args, outside) {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
    if (positionals.join(' ') !== 'whatsapp') throw new UsageError('Say “roost simulate whatsapp”.');
    const simulator = await startWhatsAppSimulator(readSettings(values));
    try {
      tell(simulator, outside);
      if (values.target !== undefined) await greet(simulator, values, outside);
      const count = wholeOf('customers', values.customers, 0, 1_000);
      if (values.once) return exits.ok;
      const everyMs = wholeOf('every', values.every, 10, 3_600_000);
      const talk = new LiveTalk(simulator, { count, everyMs }, systemClock, systemRandom);
      await untilTold();
      talk.stop();
      return exits.ok;
    } finally {
      await simulator.close();
    }
  },
};

type Values = Readonly<Record<string, string | boolean | string[] | undefined>>;
type Simulator = Awaited<ReturnType<typeof startWhatsAppSimulator>>;

function tell({ url, graphUrl, settings }: Simulator, { out }: Outside): void {
  out(`WhatsApp is simulated at ${url}`);
  out(`  ROOST_WHATSAPP_URL=${graphUrl}`);
  const { phone_number_id, token, app_secret, verify_token, account_id } = settings;
  out(
    `  roost inbox add whatsapp --phone-number-id ${phone_number_id} --token ${token} --app-secret ${app_secret} ` +
      `--verify-token ${verify_token} --account-id ${account_id} --phone +${settings.display_phone}`,
  );
  out(`  curl ${url}/control/say -d '{"from":"16505551234","name":"Ann Lee","text":"Hello"}'`);
}

/** Says what was asked for on the command line, in one webhook each. */
async function greet(simulator: Simulator, values: Values, { out, err }: Outside): Promise<void> {
  const isOurs = await simulator.verify().catch(() => false);
  if (!isOurs) err('roost: The target does not confirm the verify token; webhooks go there all the same.');
  const who = {
    ...(typeof values.from === 'string' && { from: values.from }),
    ...(typeof values.name === 'string' && { name: values.name }),
  };
  for (const text of Array.isArray(values.say) ? values.say : []) {
    const status = await simulator.say({ ...who, text }).answered;
    out(status === null ? 'Nobody answered the webhook.' : `The webhook was answered ${status}.`);
  }
}

function readSettings(values: Values): Partial<SimulatorSettings> {
  const text = (name: string) => (typeof values[name] === 'string' ? (values[name] as string) : undefined);
  const target = text('target');
  if (target !== undefined && !/^https?:$/.test(URL.canParse(target) ? new URL(target).protocol : ''))
    throw new UsageError(
      '“--target” is the URL of a webhook, such as http://127.0.0.1:8080/webhooks/whatsapp.',
    );
  const found = {
    host: text('host'),
    port: wholeOf('port', text('port') ?? String(PORT), 0, 65_535),
    target,
    token: text('token'),
    app_secret: text('app-secret'),
    verify_token: text('verify-token'),
    phone_number_id: text('phone-number-id'),
    account_id: text('account-id'),
    display_phone: text('phone')?.replace(/\D/g, ''),
    duplicates: shareOf(text('duplicates')),
    shuffled: values.shuffle === true,
    messages_per_second: optional('rate', text('rate'), 1, 1_000_000),
    delay_ms: optional('delay', text('delay'), 0, 600_000),
    ...(text('read-after') !== undefined && {
      statuses: {
        sent_ms: 20,
        delivered_ms: 120,
        read_ms: wholeOf('read-after', text('read-after') ?? '', 0, 86_400_000),
      },
    }),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

function optional(name: string, written: string | undefined, min: number, max: number): number | undefined {
  return written === undefined ? undefined : wholeOf(name, written, min, max);
}

function wholeOf(name: string, written: string, min: number, max: number): number {
  const value = /^\d{1,12}$/.test(written) ? Number(written) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new UsageError(`“--${name}” is a whole number from ${min} to ${max}.`);
}

/** `5%` or `0.05`. */
function shareOf(written: string | undefined): number | undefined {
  if (written === undefined) return undefined;
  const value = written.endsWith('%') ? Number(written.slice(0, -1)) / 100 : Number(written);
  if (written !== '' && value >= 0 && value <= 1) return value;
  throw new UsageError('“--duplicates” is a share, such as 5% or 0.05.');
}

function untilTold(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
}
