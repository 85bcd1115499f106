import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { type ArchivedMail, PLAIN, type ReadOptions, tooBig } from './archived-mail.ts';
import { stateByName } from './entry.ts';

/** The mails of a zip: files that end in `.eml`, or a Maildir. */
export async function* readZip(path: string, options: ReadOptions): AsyncGenerator<ArchivedMail> {
  const zip = await openPromise(path, { lazyEntries: true, autoClose: false });
  let place = 0;
  try {
    for await (const entry of zip.eachEntry()) {
      options.signal.throwIfAborted();
      place += 1;
      if (place <= options.from || entry.fileName.endsWith('/')) continue;
      const state = stateByName(entry.fileName, undefined);
      if (state === 'beside') continue;
      const at = { next: place, name: entry.fileName };
      if (state === null) {
        if (!options.countsOnly) yield { ...at, source: null, state: PLAIN, problem: 'it is no mail' };
      } else if (options.countsOnly) yield { ...at, source: null, state, problem: null };
      else yield { ...at, state, ...(await contentOf(zip, entry, options)) };
    }
  } finally {
    zip.close();
  }
}

async function contentOf(
  zip: ZipFile,
  entry: Entry,
  { mailMaxBytes }: ReadOptions,
): Promise<Pick<ArchivedMail, 'source' | 'problem'>> {
  if (entry.isEncrypted()) return { source: null, problem: 'it is encrypted' };
  if (entry.uncompressedSize > mailMaxBytes)
    return { source: null, problem: tooBig(entry.uncompressedSize, mailMaxBytes) };
  try {
    const chunks: Buffer[] = [];
    // Ends with an error where there is more than the directory says: see validateEntrySize.
    for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
    return { source: Buffer.concat(chunks), problem: null };
  } catch (error) {
    return {
      source: null,
      problem: `it cannot be unpacked (${error instanceof Error ? error.message : error})`,
    };
  }
}
