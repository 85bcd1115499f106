import { Failure } from '@roost/protocol';
import { type Founded, found, Passwords } from '../access/index.ts';
import { systemSecrets } from '../clock.ts';
import { type Config, readConfig } from '../config.ts';
import { queries } from '../domain/index.ts';
import { type OpenedStore, openStore } from '../open-store.ts';
import type { Outside } from './command.ts';

export const system = { kind: 'system', name: 'cli' } as const;

export interface Workplace extends OpenedStore {
  readonly config: Config;
  readonly founded: Founded;
}

/**
 * Runs `work` with the store of the settings, beside a running server or without one. A store that is still empty
 * is founded first, as the server would.
 */
export async function withStore<T>(outside: Outside, work: (place: Workplace) => Promise<T>): Promise<T> {
  const config = readConfig(outside.env);
  const store = await openStore(config, (name, detail) => outside.err(`roost: ${name}: ${detail}`));
  try {
    const needs = { bus: store.bus, passwords: new Passwords(), secrets: systemSecrets };
    return await work({ ...store, config, founded: await found(needs, config) });
  } finally {
    await store.close();
  }
}

export interface KnownMember {
  readonly id: string;
  readonly email: string;
}

/** The organisation of this id; the first one when none is given. @throws access.forbidden */
export async function orgNamed({ bus, founded }: Workplace, id: string | undefined): Promise<string> {
  if (id === undefined) return founded.org;
  const orgs = await bus.query(queries.listOrganisations, { org: '', actor: system, input: {} });
  if (!orgs.some((org) => org.id === id))
    throw new Failure('access.forbidden', `There is no organisation ${id}; “roost org list” shows them.`);
  return id;
}

/** The member with this address; an owner when none is given. @throws member.unknown */
export async function memberNamed(
  { bus, founded }: Workplace,
  org: string,
  email: string | undefined,
): Promise<KnownMember> {
  if (email === undefined && org === founded.org)
    return { id: founded.owner.user_id, email: founded.owner.email };
  const members = await bus.query(queries.listMembers, { org, actor: system, input: {} });
  const wanted = email?.trim().toLowerCase();
  const member = members.find(
    (one) => one.email === wanted || (wanted === undefined && one.role === 'owner' && one.active === 1),
  );
  if (!member) throw new Failure('member.unknown', `There is no member ${email}.`);
  return member;
}
