import { Failure, type MessageRow } from '@roost/protocol';
import { z } from 'zod';
import { ADMINS, defineCommand } from '../../commands/index.ts';

/** Deletes messages for good. Their blobs go with the next sweep, unless another message holds them too. */
export const removeMessages = defineCommand({
  name: 'message.remove',
  input: z.object({ message_ids: z.array(z.string()).min(1).max(500) }),
  may: { roles: [...ADMINS, 'agent'], scope: 'admin' },
  audited: true,
  async run(context, { message_ids }) {
    const { tx, org } = context;
    for (const id of new Set(message_ids)) {
      const message = await tx.get<{ row: string }>(
        'select "row" from message where org = ? and id = ?',
        org,
        id,
      );
      if (!message) throw new Failure('message.unknown');
      await tx.run('delete from recipient where org = ? and message_id = ?', org, id);
      await tx.run('delete from blob_reference where org = ? and message_id = ?', org, id);
      await tx.run('delete from message where org = ? and id = ?', org, id);
      context.changed('message', id, JSON.parse(message.row) as MessageRow, null);
    }
  },
});
