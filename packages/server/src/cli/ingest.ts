import { parseArgs } from 'node:util';
import { Failure, normalAddress } from '@roost/protocol';
import { systemClock } from '../clock.ts';
import { BadSetting } from '../config.ts';
import { AttemptLedger } from '../ingest/attempts.ts';
import { Directory } from '../ingest/directory.ts';
import { mailToArrival } from '../ingest/mail.ts';
import { MailDelivery } from '../ingest/mail-delivery.ts';
import { parseMail } from '../ingest/mime.ts';
import { sysexitOf, sysexits } from '../ingest/pipe.ts';
import type { CliCommand, Outside } from './command.ts';
import { withStore } from './store.ts';

export const ingest: CliCommand = {
  usage: 'ingest --rcpt ADDRESS [--rcpt ADDRESS …] < mail',
  says: 'Stores a mail from standard input; for Postfix and friends, whose exit codes it speaks.',
  async run(args, outside) {
    const { values } = parseArgs({ args: [...args], options: { rcpt: { type: 'string', multiple: true } } });
    const recipients = (values.rcpt ?? [])
      .flatMap((written) => written.split(','))
      .filter((one) => one !== '');
    if (recipients.length === 0) {
      outside.err('roost: Name who the mail is for by “--rcpt ADDRESS”.');
      return sysexits.usage;
    }
    try {
      await store(recipients, outside);
      return sysexits.ok;
    } catch (error) {
      // A wrong setting is for us to put right; meanwhile the mail server keeps the mail and comes again.
      const isExpected = error instanceof Failure || error instanceof BadSetting;
      outside.err(`roost: ${isExpected ? error.message : String(error)}`);
      return sysexitOf(error);
    }
  },
};

function store(recipients: readonly string[], outside: Outside): Promise<void> {
  return withStore(outside, async ({ bus, config, openBlobs }) => {
    const source = await readAll(outside.stdin, config.mailMaxBytes);
    // A broken pipe looks like this; a mail has at least an empty line.
    if (source.length === 0) throw new Failure('request.malformed', 'The mail is empty.');
    const needs = { blobs: await openBlobs(), parse: parseMail };
    const attempts = new AttemptLedger({
      bus,
      clock: systemClock,
      log: { warn: (_about, says) => outside.err(`roost: ${says}`) },
    });
    const delivery = new MailDelivery('pipe', {
      bus,
      attempts,
      directory: new Directory(bus, systemClock),
      readMail: (source, to) => mailToArrival(source, to, needs),
      counts: { ingested: () => {} },
    });
    try {
      await delivery.deliver(source, [...new Set(recipients.map(normalAddress))]);
    } finally {
      await attempts.flush();
    }
  });
}

/** @throws request.too_big */
async function readAll(stream: NodeJS.ReadableStream, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk as Uint8Array);
    length += bytes.length;
    if (length > maxBytes) throw new Failure('request.too_big', `A mail has at most ${maxBytes} bytes here.`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}
