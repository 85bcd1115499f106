import { close, fsync, open, rename, write } from 'node:fs';
import { promisify } from 'node:util';
import { errnoOf } from './failure.ts';

// By descriptor and not by FileHandle: half the time of the event loop, and a blob is written for every mail.
const file = {
  open: promisify(open),
  write: promisify(write),
  sync: promisify(fsync),
  close: promisify(close),
  rename: promisify(rename),
};

/** The three steps by which a file comes to be, each durable once its promise resolved. */
export interface Disk {
  /** Creates a file that was not there and syncs its bytes. */
  create(path: string, bytes: Uint8Array): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Makes the names in a folder durable. */
  syncFolder(folder: string): Promise<void>;
}

export const localDisk: Disk = {
  create: (path, bytes) =>
    withFile(path, 'wx', async (descriptor) => {
      for (let at = 0; at < bytes.byteLength; ) {
        at += (await file.write(descriptor, bytes, at)).bytesWritten;
      }
      await file.sync(descriptor);
    }),
  rename: file.rename,
  async syncFolder(folder) {
    // Windows neither opens nor syncs folders; its rename is written through by the journal.
    if (process.platform !== 'win32') await withFile(folder, 'r', file.sync);
  },
};

async function withFile(
  path: string,
  flags: string,
  use: (descriptor: number) => Promise<void>,
): Promise<void> {
  const descriptor = await file.open(path, flags);
  try {
    await use(descriptor);
  } finally {
    await file.close(descriptor);
  }
}

/**
 * One sync of a folder for all who renamed into it meanwhile: a call that comes while a sync runs may have
 * missed it, so it waits for the next, together with everybody else who came since.
 */
export class FolderSyncs {
  private readonly running = new Map<string, Promise<void>>();
  private readonly next = new Map<string, Promise<void>>();

  constructor(private readonly disk: Disk) {}

  sync(folder: string): Promise<void> {
    const running = this.running.get(folder);
    if (!running) return this.start(folder);
    const waiting = this.next.get(folder);
    if (waiting) return waiting;
    const next = running
      .catch(() => {})
      .then(() => {
        this.next.delete(folder);
        return this.start(folder);
      });
    this.next.set(folder, next);
    return next;
  }

  private start(folder: string): Promise<void> {
    const sync = this.disk.syncFolder(folder).finally(() => {
      if (this.running.get(folder) === sync) this.running.delete(folder);
    });
    this.running.set(folder, sync);
    return sync;
  }
}

/** Null when there is no such file. */
export async function unlessMissing<T>(operation: Promise<T>): Promise<T | null> {
  try {
    return await operation;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
}
