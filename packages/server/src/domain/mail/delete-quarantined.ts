import { Failure } from '@roost/protocol';
import { ADMINS, defineCommand } from '../../commands/index.ts';
import { removeMessages } from '../messages/remove.ts';
import { knownMessage } from '../messages/store.ts';
import { releaseMail } from './quarantine.ts';

/** Deletes quarantined mail for good, and nothing that has been let out meanwhile. @throws message.unknown */
export const deleteQuarantined = defineCommand({
  name: 'quarantine.delete',
  input: releaseMail.input,
  may: { roles: ADMINS, scope: 'admin' },
  audited: true,
  weight: ({ message_ids }) => message_ids.length,
  async run(context, { message_ids }) {
    for (const id of message_ids) {
      const { mail } = await knownMessage(context.tx, context.org, id);
      if (mail?.decision !== 'QUARANTINE') throw new Failure('message.unknown');
    }
    await removeMessages.run(context, { message_ids });
  },
});
