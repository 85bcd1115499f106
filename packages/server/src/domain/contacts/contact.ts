import { type ContactRow, Failure } from '@roost/protocol';
import type { CommandContext } from '../../commands/index.ts';
import type { Tx } from '../../store/database.ts';
import { indexContact } from '../search/write.ts';
import type { Identity } from './identity.ts';

/** The contact with this identity; made when nobody has it yet. An empty name is filled in by what `name` says. */
export async function contactWith(
  context: CommandContext,
  identity: Identity,
  name: string,
): Promise<ContactRow> {
  const known = await findContact(context.tx, context.org, identity);
  if (!known) return createContact(context, { name, identities: [identity], fields: {} });
  if (known.name !== '' || name === '') return known;
  return rewriteContact(context, known, { ...known, name });
}

export interface NewContact {
  readonly name: string;
  readonly identities: readonly Identity[];
  readonly fields: Readonly<Record<string, string>>;
}

/** The caller has seen to it that nobody has these identities. */
export async function createContact(context: CommandContext, contact: NewContact): Promise<ContactRow> {
  const { tx, org, offset } = context;
  const valuesOf = (kind: Identity['kind']) =>
    contact.identities.filter((identity) => identity.kind === kind).map(({ value }) => value);
  const row: ContactRow = {
    id: context.newId(),
    version: offset,
    name: contact.name,
    emails: valuesOf('email'),
    phones: valuesOf('phone'),
    external_ids: valuesOf('external'),
    fields: { ...contact.fields },
    created_at: new Date(context.now).toISOString(),
  };
  await tx.run(
    'insert into contact (org, id, version, "row") values (?, ?, ?, ?)',
    org,
    row.id,
    offset,
    JSON.stringify(row),
  );
  await tx.insertMany(
    'contact_identity',
    ['org', 'kind', 'value', 'contact_id'],
    contact.identities.map(({ kind, value }) => [org, kind, value, row.id]),
  );
  await indexContact(context, null, row);
  context.changed('contact', row.id, null, row);
  return row;
}

/** Stores what a contact now is, except its identities. */
export async function rewriteContact(
  context: CommandContext,
  before: ContactRow,
  now: ContactRow,
): Promise<ContactRow> {
  const after = { ...now, version: context.offset };
  await context.tx.run(
    'update contact set version = ?, "row" = ? where org = ? and id = ?',
    after.version,
    JSON.stringify(after),
    context.org,
    after.id,
  );
  await indexContact(context, before, after);
  context.changed('contact', after.id, before, after);
  return after;
}

export async function findContact(tx: Tx, org: string, identity: Identity): Promise<ContactRow | null> {
  const found = await tx.get<{ row: string }>(
    `select contact."row" as "row" from contact_identity
       join contact on contact.org = contact_identity.org and contact.id = contact_id
      where contact_identity.org = ? and contact_identity.kind = ? and contact_identity.value = ?`,
    org,
    identity.kind,
    identity.value,
  );
  return found ? JSON.parse(found.row) : null;
}

/** @throws contact.unknown */
export async function knownContact(tx: Tx, org: string, id: string): Promise<ContactRow> {
  const found = await tx.get<{ row: string }>('select "row" from contact where org = ? and id = ?', org, id);
  if (!found) throw new Failure('contact.unknown');
  return JSON.parse(found.row);
}
