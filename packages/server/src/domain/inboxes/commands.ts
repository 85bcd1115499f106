import { Failure, type InboxRow, normalAddress } from '@roost/protocol';
import { z } from 'zod';
import { ADMINS, defineCommand } from '../../commands/index.ts';

/** Sees to it that an inbox for this address, domain or domain pattern exists. @throws address.taken  another organisation has it */
export const keepMailInbox = defineCommand({
  name: 'inbox.keep_mail',
  input: z.object({ address: z.string().min(1).max(320) }),
  may: { roles: ADMINS, scope: 'admin' },
  audited: true,
  async run(context, input): Promise<InboxRow> {
    const address = normalAddress(input.address);
    const known = await context.tx.get<InboxRow & { org: string }>(
      'select org, id, version, kind, address from inbox where address = ?',
      address,
    );
    if (known) {
      const { org, ...row } = known;
      if (org !== context.org) throw new Failure('address.taken');
      return row;
    }
    const row: InboxRow = { id: context.newId(), version: context.offset, kind: 'mail', address };
    await context.tx.run(
      'insert into inbox (org, id, version, kind, address) values (?, ?, ?, ?, ?)',
      context.org,
      row.id,
      row.version,
      row.kind,
      row.address,
    );
    context.forget(`inboxes:${context.org}`);
    context.changed('inbox', row.id, null, row);
    return row;
  },
});
