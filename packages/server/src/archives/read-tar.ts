import type { Readable } from 'node:stream';
import { extract } from 'tar-stream';
import { type ArchivedMail, PLAIN, type ReadOptions, tooBig } from './archived-mail.ts';
import { STATE_RECORD, stateByName } from './entry.ts';

/** The mails of a tar: a Maildir with the flags in its names, or files that end in `.eml`. */
export async function* readTar(bytes: Readable, options: ReadOptions): AsyncGenerator<ArchivedMail> {
  const tar = extract();
  bytes.once('error', (error) => tar.destroy(error));
  bytes.pipe(tar);
  let place = 0;
  try {
    for await (const entry of tar) {
      options.signal.throwIfAborted();
      place += 1;
      const { name, type, size = 0 } = entry.header;
      const pax = entry.header.pax as Readonly<Record<string, string>> | undefined | null;
      const state = type === 'file' ? stateByName(name, pax?.[STATE_RECORD]) : 'beside';
      const isWanted = state !== null && state !== 'beside' && place > options.from;
      const fits = size <= options.mailMaxBytes;
      const source =
        isWanted && fits && !options.countsOnly
          ? await bufferOf(entry as AsyncIterable<Uint8Array>)
          : await passed(entry);
      if (place <= options.from || state === 'beside') continue;
      if (state === null) {
        if (!options.countsOnly) yield { next: place, name, source, state: PLAIN, problem: 'it is no mail' };
      } else
        yield { next: place, name, source, state, problem: fits ? null : tooBig(size, options.mailMaxBytes) };
    }
  } finally {
    bytes.unpipe(tar);
    bytes.destroy();
    tar.destroy();
  }
}

async function bufferOf(entry: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of entry) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function passed(entry: AsyncIterable<unknown>): Promise<null> {
  for await (const _ of entry);
  return null;
}
