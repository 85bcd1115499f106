import { commands } from '../domain/index.ts';
import type { HttpNeeds } from './needs.ts';
import { idParam, type Route, route, written } from './route.ts';

/** What a person decides about a message of ours that did not simply go out. */
export function outgoingRoutes({ bus }: HttpNeeds): Route[] {
  const decisions = [
    {
      word: 'send-again',
      command: commands.sendAgain,
      summary: 'Send a message again',
      description:
        'One that failed, or of which nobody knows whether it was sent; then it may arrive twice. One that waits for ' +
        'another attempt is tried at once.',
      errors: ['conversation.window_closed'] as const,
    },
    {
      word: 'mark-sent',
      command: commands.markSent,
      summary: 'Say that a message was sent',
      description: 'One of which nobody knew (status `unknown`). It is not sent again.',
      errors: [],
    },
    {
      word: 'cancel',
      command: commands.cancelSending,
      summary: 'Keep a message from being sent',
      description:
        'One that still waits, or of which nobody knows. It has failed then, and may be sent again.',
      errors: [],
    },
  ];
  return decisions.map(({ word, command, summary, description, errors }) =>
    route({
      method: 'POST',
      path: `/api/v1/messages/:id/${word}`,
      tag: 'Conversations',
      summary,
      description,
      may: command.may,
      params: idParam,
      answers: { 200: written },
      errors: ['message.unknown', 'message.settled', 'message.under_way', ...errors],
      write: true,
      async handle({ caller: { org, actor }, params: { id }, writeId }) {
        const input = { message_id: id };
        const { offset } = await bus.execute(command, { org, actor, input, id: writeId });
        return { offset };
      },
    }),
  );
}
