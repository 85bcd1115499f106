import { Failure, type InboxRow } from '@roost/protocol';
import { z } from 'zod';
import { defineQuery, EVERY_ROLE } from '../../commands/index.ts';
import type { Tx } from '../../store/database.ts';
import { hiddenFrom } from '../access/hidden.ts';
import { INBOX_COLUMNS, inboxOf, knownInbox } from './inbox.ts';

export type InboxOfOrg = InboxRow & { readonly org: string };

/** Every inbox on this server, for finding whom a message is for. */
export const listAllInboxes = defineQuery({
  name: 'inbox.list_all',
  input: z.object({}),
  may: { roles: [] },
  async run({ tx }): Promise<InboxOfOrg[]> {
    type Stored = Parameters<typeof inboxOf>[0] & { org: string };
    return (await tx.all<Stored>(`select org, ${INBOX_COLUMNS} from inbox order by id`)).map(inboxOf);
  },
});

export async function inboxesOf(tx: Tx, org: string): Promise<InboxRow[]> {
  type Stored = Parameters<typeof inboxOf>[0];
  const stored = await tx.all<Stored>(`select ${INBOX_COLUMNS} from inbox where org = ? order by id`, org);
  return stored.map(inboxOf);
}

/** Keys and secrets of an inbox's channel, with whose it is; for the server itself. Null when there is none. */
export const readInboxSettings = defineQuery({
  name: 'inbox.settings',
  input: z.object({ inbox_id: z.string() }),
  may: { roles: [] },
  async run({ tx, org }, { inbox_id }): Promise<Record<string, unknown> | null> {
    const found = await tx.get<{ settings: string }>(
      'select settings from inbox where org = ? and id = ?',
      org,
      inbox_id,
    );
    return found ? JSON.parse(found.settings) : null;
  },
});

/** An inbox that whoever asks may see. @throws inbox.unknown */
export const findInboxQuery = defineQuery({
  name: 'inbox.find',
  input: z.object({ inbox_id: z.string() }),
  may: { roles: EVERY_ROLE, scope: 'write' },
  async run({ tx, org, actor }, { inbox_id }): Promise<InboxRow> {
    if ((await hiddenFrom(tx, org, actor)).includes(inbox_id)) throw new Failure('inbox.unknown');
    return knownInbox(tx, org, inbox_id);
  },
});
