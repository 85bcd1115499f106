import type { CommandBus } from './commands/index.ts';
import { commands } from './domain/index.ts';
import type { GatewayNeeds } from './gateway/index.ts';

/** What may be written by the socket, as commands of whoever is connected. */
export function gatewayWrites(bus: Pick<CommandBus, 'execute'>): Pick<GatewayNeeds, 'markRead' | 'send'> {
  return {
    markRead: ({ org, user_id, actor }, up_to, conversation_id, id) =>
      conversation_id === null
        ? bus.execute(commands.markRead, { org, actor, input: { user_id, up_to }, id })
        : bus.execute(commands.readConversation, { org, actor, input: { conversation_id, up_to }, id }),
    send: ({ org, actor }, conversation_id, message, id) =>
      bus.execute(commands.sendMessage, { org, actor, input: { ...message, conversation_id }, id }),
  };
}
