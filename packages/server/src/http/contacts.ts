import { Failure } from '@roost/protocol';
import { contactRow } from '@roost/protocol/schema';
import { commands, queries } from '../domain/index.ts';
import { listRoute } from './lists.ts';
import type { HttpNeeds } from './needs.ts';
import { idParam, type Route, route } from './route.ts';

/** Whoever writes to the organisation. */
export function contactRoutes({ lists, bus }: HttpNeeds): Route[] {
  const { may } = queries.readView;
  return [
    listRoute(lists, {
      path: '/api/v1/contacts',
      tag: 'Contacts',
      summary: 'List contacts, newest first',
      may,
      row: contactRow,
      errors: [],
      shown: () => ({ channel: 'contacts', params: {} }),
    }),
    listRoute(lists, {
      path: '/api/v1/contacts/:id',
      tag: 'Contacts',
      summary: 'One contact',
      description: 'A list of one row.',
      may,
      params: idParam,
      row: contactRow,
      errors: ['contact.unknown'],
      shown: ({ params: { id } }) => ({
        channel: `contact:${id}`,
        params: {},
        whenEmpty: new Failure('contact.unknown'),
      }),
    }),
    route({
      method: 'POST',
      path: '/api/v1/contacts',
      tag: 'Contacts',
      summary: 'Add a contact',
      may: commands.addContact.may,
      body: commands.addContact.input,
      answers: { 201: contactRow },
      errors: ['contact.taken'],
      write: true,
      async handle({ caller: { org, actor }, body, writeId }) {
        const { result } = await bus.execute(commands.addContact, { org, actor, input: body, id: writeId });
        return result;
      },
    }),
    route({
      method: 'PATCH',
      path: '/api/v1/contacts/:id',
      tag: 'Contacts',
      summary: 'Change what is known of a contact',
      description: 'Conversations carry the new name at once. `fields` replaces all fields.',
      may: commands.updateContact.may,
      params: idParam,
      body: commands.updateContact.input.omit({ contact_id: true }),
      answers: { 200: contactRow },
      errors: ['contact.unknown', 'contact.taken'],
      write: true,
      async handle({ caller: { org, actor }, params: { id }, body, writeId }) {
        const input = { ...body, contact_id: id };
        const { result } = await bus.execute(commands.updateContact, { org, actor, input, id: writeId });
        return result;
      },
    }),
  ];
}
