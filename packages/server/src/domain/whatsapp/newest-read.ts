import { formatArrival } from '@roost/protocol';
import { z } from 'zod';
import { defineQuery } from '../../commands/index.ts';

/** The newest message of the contact that arrived up to an offset; null where the conversation is none by WhatsApp. */
export const newestReadWhatsApp = defineQuery({
  name: 'whatsapp.newest_read',
  input: z.object({ conversation_id: z.string(), up_to: z.int().min(0) }),
  may: { roles: [] },
  async run({ tx, org }, { conversation_id, up_to }) {
    const found = await tx.get<{ inbox_id: string; external_id: string }>(
      `select inbox_id, external_id from message
        where org = ? and conversation_id = ? and id < ? and via = 'whatsapp' and kind = 'inbound'
          and external_id is not null
        order by id desc limit 1`,
      org,
      conversation_id,
      formatArrival(up_to + 1),
    );
    return found ?? null;
  },
});
