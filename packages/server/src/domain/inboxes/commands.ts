import { Failure, type InboxRow, normalAddress } from '@roost/protocol';
import { via } from '@roost/protocol/schema';
import { z } from 'zod';
import { ADMINS, type CommandContext, defineCommand, readInput } from '../../commands/index.ts';
import { settleAccess } from '../access/hidden.ts';
import { whatsappSettings } from '../whatsapp/settings.ts';
import { INBOX_COLUMNS, inboxOf, insertInbox, knownInbox } from './inbox.ts';

/** Sees to it that an inbox for this address, domain or domain pattern exists. @throws address.taken  another organisation has it */
export const keepMailInbox = defineCommand({
  name: 'inbox.keep_mail',
  input: z.object({ address: z.string().min(1).max(320) }),
  may: { roles: ADMINS, scope: 'admin' },
  audited: true,
  async run(context, input): Promise<InboxRow> {
    const address = normalAddress(input.address);
    const known = await holderOf(context, address);
    if (known) {
      if (known.org !== context.org) throw new Failure('address.taken');
      return known.inbox;
    }
    return insertInbox(context, mailInbox(address, address));
  },
});

const inboxFields = {
  name: z.string().trim().min(1).max(200),
  access: z.enum(['everyone', 'members']),
  /** User ids; only those of members count. */
  member_ids: z.array(z.string().max(64)).max(1_000),
  threads: z.boolean(),
};

/** Makes an inbox of any kind. @throws address.taken */
export const createInbox = defineCommand({
  name: 'inbox.create',
  input: z.object({
    kind: via,
    /** Mail: address, domain or pattern. WhatsApp: the Cloud API's phone number id. API: left out. */
    address: z.string().max(320).nullish(),
    name: inboxFields.name.optional(),
    access: inboxFields.access.default('everyone'),
    member_ids: inboxFields.member_ids.default([]),
    /** Left out: everything but a whole mail domain, which is a sink unless somebody says otherwise. */
    threads: inboxFields.threads.optional(),
    phone: z.string().max(32).nullish(),
    /** Keys and secrets of the channel; nobody reads them back. */
    settings: z.record(z.string(), z.unknown()).default({}),
  }),
  may: { roles: ADMINS, scope: 'admin' },
  audited: true,
  async run(context, input): Promise<InboxRow> {
    if (input.kind !== 'api' && !input.address)
      throw new Failure('request.invalid', 'An inbox of this kind needs an address.');
    checkSettings(input.kind, input.settings);
    const address = normalAddress(input.address ?? `api:${context.newId()}`);
    if (await holderOf(context, address)) throw new Failure('address.taken');
    const isDomain = input.kind === 'mail' && !address.includes('@');
    const row = await insertInbox(
      context,
      {
        kind: input.kind,
        address,
        name: input.name ?? address,
        access: input.access,
        member_ids: await onlyMembers(context, input.member_ids),
        threads: input.threads ?? !isDomain,
        phone: input.phone ?? null,
      },
      input.settings,
    );
    await settleAccess(context);
    return row;
  },
});

/** Changes what an inbox is called, who is in it, and whether it keeps conversations. @throws inbox.unknown */
export const updateInbox = defineCommand({
  name: 'inbox.update',
  input: z.object({
    inbox_id: z.string(),
    name: inboxFields.name.optional(),
    access: inboxFields.access.optional(),
    member_ids: inboxFields.member_ids.optional(),
    threads: inboxFields.threads.optional(),
    phone: z.string().max(32).nullish(),
    settings: z.record(z.string(), z.unknown()).optional(),
  }),
  may: { roles: ADMINS, scope: 'admin' },
  audited: true,
  async run(context, { inbox_id, settings, phone, member_ids, ...said }): Promise<InboxRow> {
    const { tx, org, offset } = context;
    const before = await knownInbox(tx, org, inbox_id);
    if (settings) checkSettings(before.kind, settings);
    const after: InboxRow = {
      ...before,
      name: said.name ?? before.name,
      access: said.access ?? before.access,
      threads: said.threads ?? before.threads,
      member_ids: member_ids ? await onlyMembers(context, member_ids) : before.member_ids,
      phone: phone === undefined ? before.phone : phone,
      version: offset,
    };
    await tx.run(
      `update inbox set version = ?, name = ?, access = ?, member_ids = ?, threads = ?, phone = ? where org = ? and id = ?`,
      offset,
      after.name,
      after.access,
      JSON.stringify(after.member_ids),
      after.threads ? 1 : 0,
      after.phone,
      org,
      inbox_id,
    );
    if (settings)
      await tx.run('update inbox set settings = ? where id = ?', JSON.stringify(settings), inbox_id);
    context.forget(`inboxes:${org}`);
    context.changed('inbox', inbox_id, before, after);
    await settleAccess(context);
    return after;
  },
});

/** Keys may be left out at first, and come later; half of them are of no use. @throws request.invalid */
function checkSettings(kind: InboxRow['kind'], settings: Readonly<Record<string, unknown>>): void {
  if (kind === 'whatsapp' && Object.keys(settings).length > 0) readInput(whatsappSettings, settings);
}

function mailInbox(address: string, name: string): Omit<InboxRow, 'id' | 'version'> {
  const threads = address.includes('@');
  return { kind: 'mail', address, name, access: 'everyone', member_ids: [], threads, phone: null };
}

/** Addresses are unique on a server, so that what arrives has one place to go. */
async function holderOf(
  { tx }: CommandContext,
  address: string,
): Promise<{ org: string; inbox: InboxRow } | null> {
  type Stored = Parameters<typeof inboxOf>[0] & { org: string };
  const found = await tx.get<Stored>(`select org, ${INBOX_COLUMNS} from inbox where address = ?`, address);
  if (!found) return null;
  const { org, ...stored } = found;
  return { org, inbox: inboxOf(stored) };
}

async function onlyMembers({ tx, org }: CommandContext, userIds: readonly string[]): Promise<string[]> {
  const members = await tx.all<{ id: string }>('select id from member where org = ?', org);
  const known = new Set(members.map(({ id }) => id));
  return [...new Set(userIds)].filter((id) => known.has(id)).sort();
}
