import type { InboxRow } from '@roost/protocol';
import { z } from 'zod';
import { defineQuery } from '../../commands/index.ts';
import type { Tx } from '../../store/database.ts';

export type InboxOfOrg = InboxRow & { readonly org: string };

/** Every inbox on this server, for finding whom a message is for. */
export const listAllInboxes = defineQuery({
  name: 'inbox.list_all',
  input: z.object({}),
  may: { roles: [] },
  run: ({ tx }) => tx.all<InboxOfOrg>('select org, id, version, kind, address from inbox order by id'),
});

export function inboxesOf(tx: Tx, org: string): Promise<InboxRow[]> {
  return tx.all<InboxRow>('select id, version, kind, address from inbox where org = ? order by id', org);
}
