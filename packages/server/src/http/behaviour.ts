import { Failure } from '@roost/protocol';
import { autoReplyRow, inboxSettingsRow } from '@roost/protocol/schema';
import { commands, queries } from '../domain/index.ts';
import { listRoute } from './lists.ts';
import type { HttpNeeds } from './needs.ts';
import { idParam, type Route, route } from './route.ts';

/** How a mail inbox behaves: its settings, and what it answers by itself. */
export function behaviourRoutes({ lists, bus }: HttpNeeds): Route[] {
  const { may } = queries.readView;
  return [
    listRoute(lists, {
      path: '/api/v1/inboxes/:id/settings',
      tag: 'Inboxes',
      summary: 'How a mail inbox behaves',
      description: 'A list of one row, also where nobody has set anything.',
      may,
      params: idParam,
      row: inboxSettingsRow,
      errors: ['inbox.unknown'],
      shown: ({ params: { id } }) => ({
        channel: `settings:${id}`,
        params: {},
        whenEmpty: new Failure('inbox.unknown'),
      }),
    }),
    route({
      method: 'PATCH',
      path: '/api/v1/inboxes/:id/settings',
      tag: 'Inboxes',
      summary: 'Change how a mail inbox behaves',
      description:
        'What is left out stays. How long mail is kept is for owners and admins; a token needs the scope `admin` for it.',
      may: commands.updateSettings.may,
      params: idParam,
      body: commands.updateSettings.input.omit({ inbox_id: true }),
      answers: { 200: inboxSettingsRow },
      errors: ['inbox.unknown', 'mailbox.unknown'],
      write: true,
      async handle({ caller: { org, actor }, params: { id }, body, writeId }) {
        const input = { ...body, inbox_id: id };
        return (await bus.execute(commands.updateSettings, { org, actor, input, id: writeId })).result;
      },
    }),
    listRoute(lists, {
      path: '/api/v1/inboxes/:id/auto-reply',
      tag: 'Inboxes',
      summary: 'What a mail inbox answers by itself',
      description: 'A list of one row, also where it answers nothing.',
      may,
      params: idParam,
      row: autoReplyRow,
      errors: ['inbox.unknown'],
      shown: ({ params: { id } }) => ({
        channel: `autoreply:${id}`,
        params: {},
        whenEmpty: new Failure('inbox.unknown'),
      }),
    }),
    route({
      method: 'PATCH',
      path: '/api/v1/inboxes/:id/auto-reply',
      tag: 'Inboxes',
      summary: 'Say what a mail inbox answers by itself',
      description:
        'What is left out stays. Nobody is answered twice within `every_days`, and no list, program or report ever is.',
      may: commands.setAutoReply.may,
      params: idParam,
      body: commands.setAutoReply.input.omit({ inbox_id: true }),
      answers: { 200: autoReplyRow },
      errors: ['inbox.unknown'],
      write: true,
      async handle({ caller: { org, actor }, params: { id }, body, writeId }) {
        const input = { ...body, inbox_id: id };
        return (await bus.execute(commands.setAutoReply, { org, actor, input, id: writeId })).result;
      },
    }),
  ];
}
