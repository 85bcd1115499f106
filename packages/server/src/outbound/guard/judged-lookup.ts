import { lookup as systemLookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';

/** Says why an address may not be reached; null where it may. */
export type Judge = (address: string) => string | null;

/** An address may not be reached; the message is a sentence for people. */
export class Refused extends Error {}

/**
 * Looks names up for a connection and judges what they lead to. The connection goes to an address that was judged: a
 * name that leads somewhere else a moment later leads nowhere. Every address of the name has to be allowed, because
 * which one is taken is nobody's choice.
 */
export function judgedLookup(judge: Judge, lookup: LookupAll = systemLookup): LookupFunction {
  return (hostname, options, done) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) return done(error, '', 0);
      const refusal = found.map(({ address }) => judge(address)).find((says) => says !== null);
      if (refusal !== undefined) return done(new Refused(refusal), '', 0);
      const [first] = found;
      if (options.all) return done(null, found);
      done(null, first?.address ?? '', first?.family ?? 0);
    });
  };
}

/** As the system does it; tests answer by themselves. */
export type LookupAll = (
  hostname: string,
  options: { readonly all: true },
  done: (error: NodeJS.ErrnoException | null, found: { address: string; family: number }[]) => void,
) => void;

/**
 * Judges a host that is an address already and is never looked up. Of a parsed URL: there decimal, octal and
 * hexadecimal ways of writing an address have become the usual one.
 */
export function judgeHost(hostname: string, judge: Judge): string | null {
  const host = hostname.replace(/^\[|\]$/g, '');
  return isIP(host) === 0 ? null : judge(host);
}
