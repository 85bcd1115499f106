import { normalAddress } from '@roost/protocol';
import type { Arrival } from '../domain/index.ts';
import { addressesIn } from './addresses.ts';

/** Headers that name whom a mail was for, where no envelope came with it. */
const RECIPIENT_HEADERS = new Set(['to', 'cc', 'delivered-to', 'x-original-to', 'envelope-to']);
const ADDRESS_MAX_CHARS = 320;
const RECIPIENTS_MAX = 200;

/** A mail that is brought along: for those its header names, and no news of any mail of ours. */
export function asImported(arrival: Arrival): Arrival {
  const named = arrival.content.headers
    .filter(({ name }) => RECIPIENT_HEADERS.has(name.toLowerCase()))
    .flatMap(({ value }) => addressesIn(value))
    .filter((address) => address.length <= ADDRESS_MAX_CHARS && address === normalAddress(address))
    .filter((address) => !/[\p{Cc}\p{Cs}]/u.test(address));
  const { report: _, ...rest } = arrival;
  return { ...rest, to: [...new Set(named)].slice(0, RECIPIENTS_MAX) };
}
