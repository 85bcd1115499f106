import { type ContactRow, Failure } from '@roost/protocol';
import { z } from 'zod';
import { type CommandContext, defineCommand } from '../../commands/index.ts';
import { ConversationBook } from '../conversations/book.ts';
import { createContact, findContact, knownContact, rewriteContact } from './contact.ts';
import { emailIdentity, externalIdentity, type Identity, normalPhone } from './identity.ts';

const FIELDS_MAX_COUNT = 50;
/** Conversations that carry their contact's name; of more, the oldest keep the old one. */
const RENAMED_MAX_COUNT = 500;

const known = {
  name: z.string().trim().max(200),
  emails: z.array(z.email().max(320)).max(20),
  /** In any form that names the country; stored as E.164. */
  phones: z.array(z.string().max(40)).max(20),
  external_ids: z.array(z.string().min(1).max(200)).max(20),
  fields: z
    .record(z.string().min(1).max(60), z.string().max(2_000))
    .refine((fields) => Object.keys(fields).length <= FIELDS_MAX_COUNT),
};

/** Makes a contact by hand. @throws contact.taken; request.invalid  a phone number that is none */
export const addContact = defineCommand({
  name: 'contact.add',
  input: z.object({
    name: known.name.default(''),
    emails: known.emails.default([]),
    phones: known.phones.default([]),
    external_ids: known.external_ids.default([]),
    fields: known.fields.default({}),
  }),
  may: { roles: ['owner', 'admin', 'agent'], scope: 'write' },
  async run(context, { name, fields, ...addresses }): Promise<ContactRow> {
    const identities = identitiesOf(addresses);
    for (const identity of identities)
      if (await findContact(context.tx, context.org, identity)) throw taken(identity);
    return createContact(context, { name, identities, fields });
  },
});

/** Changes what is known of a contact; conversations carry the new name at once. @throws contact.unknown, contact.taken */
export const updateContact = defineCommand({
  name: 'contact.update',
  input: z.object({
    contact_id: z.string().max(64),
    name: known.name.optional(),
    emails: known.emails.optional(),
    phones: known.phones.optional(),
    external_ids: known.external_ids.optional(),
    /** Replaces all fields. */
    fields: known.fields.optional(),
  }),
  may: { roles: ['owner', 'admin', 'agent'], scope: 'write' },
  async run(context, { contact_id, name, fields, ...said }): Promise<ContactRow> {
    const { tx, org } = context;
    const before = await knownContact(tx, org, contact_id);
    const addresses = {
      emails: said.emails ?? before.emails,
      phones: said.phones ?? before.phones,
      external_ids: said.external_ids ?? before.external_ids,
    };
    const identities = identitiesOf(addresses);
    for (const identity of identities) {
      const holder = await findContact(tx, org, identity);
      if (holder && holder.id !== contact_id) throw taken(identity);
    }
    await tx.run('delete from contact_identity where org = ? and contact_id = ?', org, contact_id);
    if (identities.length > 0)
      await tx.insertMany(
        'contact_identity',
        ['org', 'kind', 'value', 'contact_id'],
        identities.map(({ kind, value }) => [org, kind, value, contact_id]),
      );
    const valuesOf = (kind: Identity['kind']) =>
      identities.filter((identity) => identity.kind === kind).map(({ value }) => value);
    const after = await rewriteContact(context, before, {
      ...before,
      name: name ?? before.name,
      fields: fields ?? before.fields,
      emails: valuesOf('email'),
      phones: valuesOf('phone'),
      external_ids: valuesOf('external'),
    });
    if (after.name !== before.name) await renameInConversations(context, after);
    return after;
  },
});

async function renameInConversations(context: CommandContext, contact: ContactRow): Promise<void> {
  const found = await context.tx.all<{ id: string }>(
    'select id from conversation where org = ? and contact_id = ? order by activity desc limit ?',
    context.org,
    contact.id,
    RENAMED_MAX_COUNT,
  );
  const book = new ConversationBook(context);
  for (const { id } of found) {
    const row = await book.get(id);
    if (row.contact) book.put({ ...row, contact: { ...row.contact, name: contact.name } });
  }
  await book.write();
}

function identitiesOf(of: {
  readonly emails: readonly string[];
  readonly phones: readonly string[];
  readonly external_ids: readonly string[];
}): Identity[] {
  const phones = of.phones.map((written): Identity => {
    const value = normalPhone(written);
    if (value === null)
      throw new Failure('request.invalid', `“${written}” is no phone number with its country.`);
    return { kind: 'phone', value };
  });
  const all = [...of.emails.map(emailIdentity), ...phones, ...of.external_ids.map(externalIdentity)];
  return [...new Map(all.map((identity) => [`${identity.kind} ${identity.value}`, identity])).values()];
}

function taken({ value }: Identity): Failure {
  return new Failure('contact.taken', `Another contact has ${value} already.`);
}
