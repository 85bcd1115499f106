import type { Transport } from './transport.ts';

/** Stands where nothing is set up to send with: says so at once, instead of keeping a message waiting for ever. */
export function notSetUp(says: string): Transport {
  return { send: async () => ({ kind: 'failed', says }) };
}
