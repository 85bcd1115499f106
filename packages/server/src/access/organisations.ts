import { Failure } from '@roost/protocol';
import type { CommandBus } from '../commands/index.ts';
import { commands, queries } from '../domain/index.ts';

const system = { kind: 'system', name: 'cli' } as const;
const ID_MAX_CHARS = 40;

export interface NewOrganisation {
  /** Letters, digits and hyphens; hosts and the command line call it so, and it stays for good. */
  readonly id: string;
  readonly name: string;
  readonly owner_email: string;
  readonly owner_name: string;
  /** Addresses, domains and patterns whose mail it takes. */
  readonly mail_domains: readonly string[];
}

/**
 * Founds an organisation beside the others on this server. An owner who is known here keeps their account.
 *
 * @throws request.invalid; access.forbidden  there is one of this id; address.taken  of another's mail; the
 *   organisation is founded then, with the inboxes before it
 */
export async function createOrganisation(
  bus: Pick<CommandBus, 'execute' | 'query'>,
  { id: org, name, owner_email, owner_name, mail_domains }: NewOrganisation,
): Promise<{ readonly owner_id: string }> {
  if (!/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/.test(org))
    throw new Failure(
      'request.invalid',
      'An organisation’s id has up to 40 small letters, digits and hyphens.',
    );
  await assertFree(bus, mail_domains);
  const { result } = await bus.execute(commands.foundOrganisation, {
    org,
    actor: system,
    input: { name, owner_email, owner_name, password_hash: null },
  });
  for (const address of mail_domains) {
    await bus.execute(commands.keepMailInbox, { org, actor: system, input: { address } });
  }
  return { owner_id: result.user_id };
}

/** Asked before anything is founded, so that a domain typed wrongly leaves nothing behind. */
async function assertFree(bus: Pick<CommandBus, 'query'>, addresses: readonly string[]): Promise<void> {
  const inboxes = await bus.query(queries.listAllInboxes, { org: '', actor: system, input: {} });
  const taken = addresses.find((address) => inboxes.some((inbox) => inbox.address === address));
  if (taken !== undefined)
    throw new Failure('address.taken', `Mail for ${taken} goes to another organisation.`);
}

/** An id made of a name: “Ann’s Shop” is `ann-s-shop`. Empty for a name without a letter of the Latin alphabet. */
export function slugOf(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, ID_MAX_CHARS)
    .replace(/^-|-$/g, '');
}
