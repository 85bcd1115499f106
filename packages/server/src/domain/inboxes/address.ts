import { domainPart, type InboxRow, wildcardMatches } from '@roost/protocol';

/**
 * The inbox that takes mail for an address (in normal form): one with exactly this address, else one for its
 * domain, else the first domain pattern that fits, longest first.
 */
export function inboxFor<I extends Pick<InboxRow, 'address'>>(
  address: string,
  inboxes: readonly I[],
): I | null {
  const domain = domainPart(address);
  if (domain === '') return null;
  const exact =
    inboxes.find((inbox) => inbox.address === address) ?? inboxes.find((inbox) => inbox.address === domain);
  if (exact) return exact;
  return (
    inboxes
      .filter((inbox) => inbox.address.includes('*') && wildcardMatches(inbox.address.split('*'), domain))
      .sort((a, b) => b.address.length - a.address.length)[0] ?? null
  );
}
