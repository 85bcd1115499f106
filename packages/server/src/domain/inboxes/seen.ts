import { Failure, type InboxRow } from '@roost/protocol';
import type { CommandContext } from '../../commands/index.ts';
import { hiddenFrom } from '../access/hidden.ts';
import { knownInbox } from './inbox.ts';

/** A mail inbox, for somebody who may see it; to others there is none. @throws inbox.unknown */
export async function seenMailInbox(
  { tx, org, actor }: Pick<CommandContext, 'tx' | 'org' | 'actor'>,
  id: string,
): Promise<InboxRow> {
  const inbox = await knownInbox(tx, org, id);
  if (inbox.kind !== 'mail' || (await hiddenFrom(tx, org, actor)).includes(id))
    throw new Failure('inbox.unknown', 'There is no such mail inbox.');
  return inbox;
}
