import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { pack } from 'tar-stream';
import type { ArchivedState } from '../domain/index.ts';
import { flagsOf, STATE_RECORD } from './entry.ts';
import { markOf } from './mark.ts';
import { mboxLines } from './mbox.ts';

const BLOCK_BYTES = 512;
const gzipped = promisify(gzip);

/** A mail to be written. */
export interface OutgoingMail {
  readonly id: string;
  readonly source: Buffer;
  readonly state: ArchivedState;
  readonly from: string;
  /** ms since 1970. */
  readonly receivedAt: number;
}

/**
 * Mails as a piece of an mbox (mboxrd), which follows on the pieces before. Every byte comes back by an import; other
 * programs see a mail with a line of ours before its header.
 */
export function mboxPiece(mails: readonly OutgoingMail[]): Buffer {
  const pieces: Buffer[] = [];
  for (const { source, state, from, receivedAt } of mails) {
    const address = /[^\s<>"]+@[^\s<>"]+/.exec(from)?.[0].replace(/[^\x21-\x7e]/g, '_') ?? 'MAILER-DAEMON';
    pieces.push(Buffer.from(`From ${address} ${asctime(receivedAt)}\n`));
    pieces.push(markOf(state, source.length), ...mboxLines(source), Buffer.from('\n'));
    if (source.at(-1) !== 10) pieces.push(Buffer.from('\n'));
  }
  return Buffer.concat(pieces);
}

/**
 * Mails as a piece of a Maildir in a tar by gzip. Pieces stand behind each other as members of one gzip file, so that an
 * export may go on where it was interrupted; {@link maildirEnd} comes last.
 */
export async function maildirPiece(mails: readonly OutgoingMail[]): Promise<Buffer> {
  const tar = pack();
  const chunks: Uint8Array[] = [];
  const reading = (async () => {
    for await (const chunk of tar) chunks.push(chunk as Uint8Array);
  })();
  for (const mail of mails) {
    const header = {
      name: nameOf(mail),
      size: mail.source.length,
      mtime: new Date(mail.receivedAt),
      mode: 0o600,
      pax: { [STATE_RECORD]: JSON.stringify(mail.state) },
    };
    await new Promise<void>((resolve, reject) =>
      tar.entry(header, mail.source, (error) => (error ? reject(error) : resolve())),
    );
  }
  tar.finalize();
  await reading;
  // Without the two empty blocks that end a tar: more may follow.
  const bytes = Buffer.concat(chunks);
  return gzipped(bytes.subarray(0, bytes.length - 2 * BLOCK_BYTES));
}

export function maildirEnd(): Promise<Buffer> {
  return gzipped(Buffer.alloc(2 * BLOCK_BYTES));
}

/** As Maildir++ names folders and files; the exact path of the folder is in the entry's own record. */
function nameOf({ id, source, state, receivedAt }: OutgoingMail): string {
  const { folder } = state;
  const isTop = folder === null || folder.toLowerCase() === 'inbox';
  const home = isTop ? '' : `.${folder.replace(/\./g, '_').replace(/\//g, '.')}/`;
  const unique = createHash('sha256').update(id).digest('hex').slice(0, 16);
  const seconds = Math.floor(receivedAt / 1000);
  return `Maildir/${home}cur/${seconds}.${unique}.roost,S=${source.length}:2,${flagsOf(state)}`;
}

/** `Sat Nov 21 00:02:03 2026`, in UTC. */
function asctime(ms: number): string {
  const [week, day, month, year, time] = new Date(ms).toUTCString().replace(',', '').split(' ');
  return `${week} ${month} ${day?.replace(/^0/, ' ')} ${time} ${year}`;
}
