import type { CommandBus } from './commands/index.ts';
import { queries } from './domain/index.ts';
import type { Part } from './http/index.ts';
import type { Blobs } from './store/blobs/index.ts';
import type { Fanout } from './sync/fanout/index.ts';

/** With less room than this, taking mail is about to fail. */
export const DISK_FREE_MIN_BYTES = 64 << 20;
/** With less than this, somebody should look after it. */
export const DISK_FREE_LOW_BYTES = 512 << 20;

const system = { kind: 'system', name: 'health' } as const;

/** The store answers a query. */
export function storePart(bus: Pick<CommandBus, 'query'>): Part {
  return {
    name: 'store',
    async check() {
      await bus.query(queries.listOrganisations, { org: '', actor: system, input: {} });
      return { state: 'ok', says: 'It answers.' };
    },
  };
}

/** There is room for mail. */
export function diskPart(blobs: Pick<Blobs, 'freeBytes'>): Part {
  return {
    name: 'disk',
    async check() {
      return diskState(await blobs.freeBytes());
    },
  };
}

/** Redis carries hints. Without it everything is still delivered, found by looking. */
export function redisPart(fanout: Pick<Fanout, 'isHealthy'>): Part {
  return {
    name: 'redis',
    async check() {
      return fanout.isHealthy()
        ? { state: 'ok', says: 'Hints travel.' }
        : {
            state: 'degraded',
            says: 'Redis does not answer; changes of other nodes arrive within a second or so.',
          };
    },
  };
}

export function diskState(freeBytes: number): Awaited<ReturnType<Part['check']>> {
  const says = `${inWords(freeBytes)} free.`;
  if (freeBytes < DISK_FREE_MIN_BYTES) return { state: 'failed', says: `The disk is full: ${says}` };
  return { state: freeBytes < DISK_FREE_LOW_BYTES ? 'degraded' : 'ok', says };
}

function inWords(bytes: number): string {
  const gib = bytes / 2 ** 30;
  return gib >= 1 ? `${gib.toFixed(1)} GiB` : `${Math.floor(bytes / 2 ** 20)} MiB`;
}
