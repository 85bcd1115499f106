import { cpus, release, totalmem } from 'node:os';
import { isPinned } from './cores.mjs';
import { clientKind } from './load.mjs';

/** What a figure is worth nothing without. */
export function machine() {
  const all = cpus();
  return {
    date: new Date().toISOString().slice(0, 10),
    cpu: `${all.length} x ${all[0]?.model.trim() ?? 'unknown'}`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: `Linux ${release()}`,
    node: process.version,
    client: clientKind,
    pinned: isPinned,
  };
}
