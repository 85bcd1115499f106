import { Failure } from '@roost/protocol';
import { z } from 'zod';
import { defineQuery, EVERY_ROLE } from '../../commands/index.ts';
import { hiddenFrom } from '../access/hidden.ts';
import { knownInbox } from '../inboxes/inbox.ts';

/** Whether there is such a mail inbox, for whoever asks. @throws inbox.unknown */
export const seeMailInbox = defineQuery({
  name: 'inbox.see_mail',
  input: z.object({ inbox_id: z.string().max(200) }),
  may: { roles: EVERY_ROLE, scope: 'read' },
  async run({ tx, org, actor }, { inbox_id }): Promise<void> {
    const inbox = await knownInbox(tx, org, inbox_id);
    if (inbox.kind !== 'mail' || (await hiddenFrom(tx, org, actor)).includes(inbox_id))
      throw new Failure('inbox.unknown', 'There is no such mail inbox.');
  },
});
