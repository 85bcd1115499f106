import { open, rename } from 'node:fs/promises';
import { errnoOf } from './failure.ts';

/** The three steps by which a file comes to be, each durable once its promise resolved. */
export interface Disk {
  /** Creates a file that was not there and syncs its bytes. */
  create(path: string, bytes: Uint8Array): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Makes the names in a folder durable. */
  syncFolder(folder: string): Promise<void>;
}

export const localDisk: Disk = {
  async create(path, bytes) {
    const file = await open(path, 'wx');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
  },
  rename,
  async syncFolder(folder) {
    // Windows neither opens nor syncs folders; its rename is written through by the journal.
    if (process.platform === 'win32') return;
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
};

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
