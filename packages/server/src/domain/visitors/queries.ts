import type { MessageRow } from '@roost/protocol';
import { z } from 'zod';
import { defineQuery } from '../../commands/index.ts';
import { externalIdentity } from '../contacts/identity.ts';
import { contactKey } from '../conversations/inbound.ts';

const PAGE_MAX_ROWS = 100;

/** A message as a visitor sees it: nothing of notes, and no names of theirs beside the author's. */
export interface VisitorMessage {
  readonly id: string;
  readonly version: number;
  readonly kind: 'inbound' | 'outbound';
  readonly from: string;
  readonly text: string;
  readonly received_at: string;
}

/** What a visitor and the team said to each other after the message `after`, oldest first. For the server itself. */
export const readVisitorMessages = defineQuery({
  name: 'visitor.messages',
  input: z.object({
    inbox_id: z.string(),
    external_id: z.string(),
    after: z.string().nullable(),
  }),
  may: { roles: [] },
  async run({ tx, org }, { inbox_id, external_id, after }): Promise<VisitorMessage[]> {
    const key = contactKey(externalIdentity(external_id));
    const found = await tx.all<{ row: string }>(
      `select message."row" as "row" from thread_key
         join message on message.org = thread_key.org and message.conversation_id = thread_key.conversation_id
        where thread_key.org = ? and thread_key.inbox_id = ? and thread_key.key = ? and message.id > ?
          and message.kind in ('inbound', 'outbound')
        order by message.id limit ${PAGE_MAX_ROWS}`,
      org,
      inbox_id,
      key,
      after ?? '',
    );
    return found.map(({ row }) => {
      const { id, version, kind, from, text, received_at } = JSON.parse(row) as MessageRow;
      return { id, version, kind: kind as VisitorMessage['kind'], from, text: text ?? '', received_at };
    });
  },
});
