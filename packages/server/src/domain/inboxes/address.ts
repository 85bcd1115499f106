import { domainPart, type InboxRow, wildcardMatches } from '@roost/protocol';

/**
 * The inbox that takes mail for an address (in normal form): one with exactly this address, else one for its
 * domain, else the first domain pattern that fits, longest first.
 */
export function inboxFor<I extends Pick<InboxRow, 'address'>>(
  address: string,
  inboxes: readonly I[],
): I | null {
  return inboxFinder(inboxes)(address);
}

/** {@link inboxFor} for many addresses: as quick with thousands of inboxes as with one. */
export function inboxFinder<I extends Pick<InboxRow, 'address'>>(
  inboxes: readonly I[],
): (address: string) => I | null {
  const exact = new Map(inboxes.map((inbox) => [inbox.address, inbox]));
  const patterns = inboxes
    .filter((inbox) => inbox.address.includes('*'))
    .map((inbox) => ({ inbox, pieces: inbox.address.split('*') }))
    .sort((a, b) => b.inbox.address.length - a.inbox.address.length);
  return (address) => {
    const domain = domainPart(address);
    if (domain === '') return null;
    const found = exact.get(address) ?? exact.get(domain);
    return found ?? patterns.find(({ pieces }) => wildcardMatches(pieces, domain))?.inbox ?? null;
  };
}
