import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Failure } from '@roost/protocol';
import type { ArchivedMail, ReadOptions } from './archived-mail.ts';
import { readMbox } from './mbox.ts';
import { readTar } from './read-tar.ts';
import { readZip } from './read-zip.ts';
import { stateInHeader } from './state-in-header.ts';

/** What a packed file may unpack to: more is made to fill a disk, or to never end. */
const UNPACKED_MAX_BYTES = 64 * 2 ** 30;
const HEAD_BYTES = 512;
/** A header field, which every mail begins with. */
const FIELD = /^[!-9;-~]{1,100}[ \t]*:/;

type Format = 'zip' | 'tar' | 'mbox' | 'eml';

/**
 * The mails of a file, one by one, whatever it is: mbox, one mail, a zip, or a tar, these last three also by gzip.
 *
 * @throws request.invalid  it is none of these, or broken, in words
 */
export async function* readArchive(path: string, options: ReadOptions): AsyncGenerator<ArchivedMail> {
  const { format, isGzip } = await formatOf(path);
  try {
    switch (format) {
      case 'zip':
        return yield* readZip(path, options);
      case 'tar':
        return yield* readTar(openBytes(path, isGzip, 0), options);
      case 'mbox':
        return yield* readMbox(openBytes(path, isGzip, options.from), options);
      case 'eml':
        return yield* readOne(path, isGzip, options);
    }
  } catch (error) {
    if (options.signal.aborted || error instanceof Failure) throw error;
    throw new Failure(
      'request.invalid',
      `The file is broken, as ${format}: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
}

async function* readOne(path: string, isGzip: boolean, options: ReadOptions): AsyncGenerator<ArchivedMail> {
  if (options.from > 0) return;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of openBytes(path, isGzip, 0) as AsyncIterable<Buffer>) {
    options.signal.throwIfAborted();
    size += chunk.length;
    if (size > options.mailMaxBytes)
      throw new Failure('request.invalid', `The mail is larger than ${options.mailMaxBytes} bytes.`);
    chunks.push(chunk);
  }
  const source = options.countsOnly ? null : Buffer.concat(chunks);
  const state = stateInHeader(Buffer.concat(chunks));
  yield { next: 1, name: 'the mail', source, state, problem: null };
}

async function formatOf(path: string): Promise<{ format: Format; isGzip: boolean }> {
  const raw = await headOf(path);
  const isGzip = raw[0] === 0x1f && raw[1] === 0x8b;
  const head = isGzip ? await unpackedHead(path) : raw;
  const text = head.toString('latin1');
  if (!isGzip && (text.startsWith('PK\x03\x04') || text.startsWith('PK\x05\x06')))
    return { format: 'zip', isGzip };
  if (text.slice(257, 262) === 'ustar') return { format: 'tar', isGzip };
  if (text.startsWith('From ')) return { format: 'mbox', isGzip };
  if (FIELD.test(text)) return { format: 'eml', isGzip };
  throw new Failure(
    'request.invalid',
    'The file is neither an mbox, a mail (.eml), a zip nor a tar of mails: its first bytes look like none of them.',
  );
}

async function headOf(path: string): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function unpackedHead(path: string): Promise<Buffer> {
  let head: Buffer = Buffer.alloc(0);
  try {
    for await (const chunk of openBytes(path, true, 0) as AsyncIterable<Buffer>) {
      head = Buffer.concat([head, chunk]);
      if (head.length >= HEAD_BYTES) break;
    }
  } catch {
    throw new Failure('request.invalid', 'The file is broken: it cannot be unpacked by gzip.');
  }
  return head.subarray(0, HEAD_BYTES);
}

/** From this byte on, of what is unpacked. */
function openBytes(path: string, isGzip: boolean, from: number): Readable {
  if (!isGzip) return createReadStream(path, { start: from });
  const packed = createReadStream(path);
  const bytes = createGunzip();
  packed.once('error', (error) => bytes.destroy(error));
  bytes.once('close', () => packed.destroy());
  packed.pipe(bytes);
  return bounded(bytes, from);
}

function bounded(bytes: Readable, from: number): Readable {
  async function* pass(): AsyncGenerator<Buffer> {
    let at = 0;
    for await (const chunk of bytes as AsyncIterable<Buffer>) {
      const skipped = Math.min(chunk.length, Math.max(0, from - at));
      at += chunk.length;
      if (at > UNPACKED_MAX_BYTES) throw new Error('it unpacks to more than 64 GiB');
      if (skipped < chunk.length) yield chunk.subarray(skipped);
    }
  }
  return Readable.from(pass(), { objectMode: false });
}
