import { inboxRow } from '@roost/protocol/schema';
import { commands, queries } from '../domain/index.ts';
import { listRoute } from './lists.ts';
import type { HttpNeeds } from './needs.ts';
import { idParam, type Route, route } from './route.ts';

/** Where things arrive, and who sees them. */
export function inboxesRoutes({ lists, bus }: HttpNeeds): Route[] {
  return [
    listRoute(lists, {
      path: '/api/v1/inboxes',
      tag: 'Inboxes',
      summary: 'List the inboxes that I see',
      may: queries.readView.may,
      row: inboxRow,
      errors: [],
      shown: () => ({ channel: 'inboxes', params: {} }),
    }),
    route({
      method: 'POST',
      path: '/api/v1/inboxes',
      tag: 'Inboxes',
      summary: 'Add an inbox',
      description: '`settings` holds keys and secrets of its channel; nobody reads them back.',
      may: commands.createInbox.may,
      body: commands.createInbox.input,
      answers: { 201: inboxRow },
      errors: ['address.taken'],
      write: true,
      async handle({ caller: { org, actor }, body, writeId }) {
        const { result } = await bus.execute(commands.createInbox, { org, actor, input: body, id: writeId });
        return result;
      },
    }),
    route({
      method: 'PATCH',
      path: '/api/v1/inboxes/:id',
      tag: 'Inboxes',
      summary: 'Change an inbox, and who is in it',
      description: 'Whoever may no longer see it is told nothing of it from that moment on, on every node.',
      may: commands.updateInbox.may,
      params: idParam,
      body: commands.updateInbox.input.omit({ inbox_id: true }),
      answers: { 200: inboxRow },
      errors: ['inbox.unknown'],
      write: true,
      async handle({ caller: { org, actor }, params: { id }, body, writeId }) {
        const input = { ...body, inbox_id: id };
        const { result } = await bus.execute(commands.updateInbox, { org, actor, input, id: writeId });
        return result;
      },
    }),
  ];
}
