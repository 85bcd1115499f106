import { normalAddress } from '@roost/protocol';

const QUOTED = /"(?:[^"\\]|\\.)*"/g;
const COMMENT = /\([^()]*\)/g;
const ANGLED = /<([^<>\s]+@[^<>\s]+)>/;
const BARE = /[^\s<>,;:"()[\]\\]+@[^\s<>,;:"()[\]\\]+/;

/** Addresses in a header such as To, in normal form, in their order: what each name stands before, never the name. */
export function addressesIn(header: string): string[] {
  const plain = header.replace(QUOTED, ' ').replace(COMMENT, ' ');
  return plain.split(/[,;]/).flatMap((one) => {
    const address = ANGLED.exec(one)?.[1] ?? BARE.exec(one)?.[0];
    return address === undefined ? [] : [normalAddress(address)];
  });
}
