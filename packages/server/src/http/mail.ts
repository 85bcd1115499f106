import { z } from 'zod';
import { commands } from '../domain/index.ts';
import type { HttpNeeds } from './needs.ts';
import { idParam, type Route, route, written } from './route.ts';

const { message_ids, change } = commands.changeMail.input.shape;

/** What is done with single mails, and with selections of them. */
export function mailRoutes({ bus }: HttpNeeds): Route[] {
  const errors = ['message.unknown', 'mailbox.unknown'] as const;
  return [
    route({
      method: 'PATCH',
      path: '/api/v1/messages/:id',
      tag: 'Mailboxes',
      summary: 'Mark, move, bin or restore a mail',
      may: commands.changeMail.may,
      params: idParam,
      body: change,
      answers: { 200: written },
      errors,
      write: true,
      async handle({ caller: { org, actor }, params: { id }, body, writeId }) {
        const input = { message_ids: [id], change: body };
        const { offset } = await bus.execute(commands.changeMail, { org, actor, input, id: writeId });
        return { offset };
      },
    }),

    route({
      method: 'POST',
      path: '/api/v1/messages/change',
      tag: 'Mailboxes',
      summary: 'Mark, move, bin or restore a selection of mails',
      description: 'All of them or none.',
      may: commands.changeMail.may,
      body: z.object({ message_ids, change }),
      answers: { 200: written },
      errors,
      write: true,
      async handle({ caller: { org, actor }, body, writeId }) {
        const { offset } = await bus.execute(commands.changeMail, { org, actor, input: body, id: writeId });
        return { offset };
      },
    }),

    route({
      method: 'POST',
      path: '/api/v1/messages/delete',
      tag: 'Mailboxes',
      summary: 'Remove a selection of messages for good',
      description: 'All of them or none.',
      may: commands.removeMessages.may,
      body: commands.removeMessages.input,
      answers: { 200: written },
      errors: ['message.unknown'],
      write: true,
      async handle({ caller: { org, actor }, body, writeId }) {
        const { offset } = await bus.execute(commands.removeMessages, {
          org,
          actor,
          input: body,
          id: writeId,
        });
        return { offset };
      },
    }),
  ];
}
