/** A process that sends what waits, until it is told to end or kills itself at a given step of the way out. */
import { Readable } from 'node:stream';
import { systemClock, systemRandom } from '../../clock.ts';
import { CommandBus, StoreEngine } from '../../commands/index.ts';
import { registry } from '../../domain/index.ts';
import { readSmtpUrl } from '../../outbound/smtp/settings.ts';
import { SmtpTransport } from '../../outbound/smtp/smtp-transport.ts';
import { openSqlite } from '../../store/sqlite/sqlite.ts';
import { Outbox } from '../outbox.ts';
import type { Attempted, OutboxNeeds, Route } from '../outbox-needs.ts';

/** Where it dies, by kill -9: what the step before did is on disk or on the network, and nothing after it happens. */
export type Step = 'before claim' | 'after claim' | 'after call' | 'after settle' | 'never';

const [file, url, step] = process.argv.slice(2) as [string, string, Step];

const dieAt = (reached: Step) => {
  if (reached === step) process.kill(process.pid, 'SIGKILL');
};

const bus = new CommandBus(
  new StoreEngine(await openSqlite(file), registry, systemClock, systemRandom),
  () => 'all',
  () => {},
  (name, detail) => process.stderr.write(`${name}: ${detail}\n`),
);

const mortal: OutboxNeeds['bus'] = {
  query: (query, request) => bus.query(query, request),
  async execute(command, request) {
    if (command.name === 'outbox.claim') dieAt('before claim');
    const answer = await bus.execute(command, request);
    if (command.name === 'outbox.claim') dieAt('after claim');
    if (command.name === 'outbox.settle') dieAt('after settle');
    return answer;
  },
};

const send = url.startsWith('smtp:') ? bySmtp(url) : byHttp(url);
const route: Route = {
  via: 'mail',
  atOnceMax: 4,
  perInboxMax: 4,
  attemptMaxMs: 30_000,
  async send(item, signal) {
    const attempted = await send(item, signal);
    dieAt('after call');
    return attempted;
  },
};
const log = {
  warn() {},
  error: (about: object, says: string) => void process.stderr.write(`${says} ${JSON.stringify(about)}\n`),
};
const outbox = new Outbox({ bus: mortal, routes: [route], log }, systemClock, systemRandom, true);
process.stdout.write('sending\n');

// The parent closes our input when it has seen enough.
process.stdin.resume();
process.stdin.on('end', async () => {
  await outbox.stop();
  await bus.idle();
  process.exit(0);
});

function bySmtp(to: string): Route['send'] {
  const transport = new SmtpTransport(
    { readBlob: () => Readable.from([]), clock: systemClock },
    readSmtpUrl(to),
  );
  return (item, signal) => transport.send(item, signal);
}

/** A provider as most are: one request a message, and an id in its answer. */
function byHttp(to: string): Route['send'] {
  return async ({ message_id }, signal): Promise<Attempted> => {
    try {
      const answer = await fetch(to, { method: 'POST', body: message_id, signal });
      const external_id = await answer.text();
      if (answer.status === 200) return { kind: 'sent', external_id };
      const kind = answer.status >= 500 || answer.status === 429 ? 'later' : 'failed';
      return kind === 'later'
        ? { kind, after_ms: null, says: `It answered ${answer.status}.` }
        : { kind, says: `It answered ${answer.status}.` };
    } catch (error) {
      const cause = (error as { cause?: { code?: string } }).cause?.code;
      if (cause === 'ECONNREFUSED') return { kind: 'later', after_ms: null, says: 'Nobody is there.' };
      return { kind: 'unknown', says: 'The connection ended before it answered.' };
    }
  };
}
