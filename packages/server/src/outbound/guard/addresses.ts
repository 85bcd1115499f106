import { BlockList, isIP, isIPv6 } from 'node:net';

/** Addresses inside some network, or of no single machine: what is reached there is nobody's business from outside. */
const NOT_PUBLIC = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/96',
  '::ffff:0:0:0/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '100:0:0:1::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
  '5f00::/16',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
];

/**
 * Which addresses the server reaches for somebody else: those of webhooks, and those that a mail names. An address
 * is judged after its name was looked up, and the connection goes to the one that was judged; see judged-lookup.ts.
 */
export class AddressRule {
  private readonly notPublic = listOf(NOT_PUBLIC);
  private readonly named: BlockList;

  /** @param named  addresses and ranges that may be reached although they are not public */
  constructor(named: readonly string[]) {
    this.named = listOf(named);
  }

  /** Said to be ours: also without encryption. */
  isNamed(address: string): boolean {
    return contains(this.named, plain(address));
  }

  permits(address: string): boolean {
    const written = plain(address);
    return isIP(written) !== 0 && (contains(this.named, written) || !contains(this.notPublic, written));
  }
}

/** `10.0.0.0/8`, or one address. */
export function isRange(written: string): boolean {
  const [address = '', bits, ...more] = written.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}

function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits] = range.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}

function contains(list: BlockList, address: string): boolean {
  return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

/** An IPv4 address in the clothes of IPv6 is judged by what it is; a scope is no part of an address. */
function plain(address: string): string {
  const bare = address.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1] ?? bare;
}
