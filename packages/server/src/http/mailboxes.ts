import { mailboxRow, messageRow } from '@roost/protocol/schema';
import { z } from 'zod';
import { commands, queries } from '../domain/index.ts';
import { listRoute } from './lists.ts';
import type { HttpNeeds } from './needs.ts';
import { idParam, type Route, route, written } from './route.ts';

const newName = commands.updateMailbox.input.omit({ mailbox_id: true });

/** The mailboxes of an inbox, and what lies in them. */
export function mailboxRoutes({ lists, bus }: HttpNeeds): Route[] {
  const { may } = queries.readView;
  return [
    listRoute(lists, {
      path: '/api/v1/inboxes/:id/mailboxes',
      tag: 'Mailboxes',
      summary: 'List the mailboxes of an inbox',
      description: 'With exact counters. An inbox has none before something comes or somebody makes one.',
      may,
      params: idParam,
      row: mailboxRow,
      errors: ['inbox.unknown'],
      admits: ({ caller: { org, actor }, params: { id } }) =>
        bus.query(queries.seeMailInbox, { org, actor, input: { inbox_id: id } }),
      shown: ({ params: { id } }) => ({ channel: `mailboxes:${id}`, params: {} }),
    }),

    route({
      method: 'POST',
      path: '/api/v1/inboxes/:id/mailboxes',
      tag: 'Mailboxes',
      summary: 'Make a mailbox',
      description: 'Its `path` holds names from the top down, joined by `/`.',
      may: commands.createMailbox.may,
      params: idParam,
      body: commands.createMailbox.input.omit({ inbox_id: true }),
      answers: { 201: mailboxRow },
      errors: ['inbox.unknown', 'mailbox.exists'],
      write: true,
      async handle({ caller: { org, actor }, params: { id }, body, writeId }) {
        const input = { ...body, inbox_id: id };
        return (await bus.execute(commands.createMailbox, { org, actor, input, id: writeId })).result;
      },
    }),

    route({
      method: 'PATCH',
      path: '/api/v1/mailboxes/:id',
      tag: 'Mailboxes',
      summary: 'Rename, hide or subscribe to a mailbox',
      description: 'Those below it are renamed with it.',
      may: commands.updateMailbox.may,
      params: idParam,
      body: newName,
      answers: { 200: mailboxRow },
      errors: ['mailbox.unknown', 'mailbox.exists'],
      write: true,
      async handle({ caller: { org, actor }, params: { id }, body, writeId }) {
        const input = { ...body, mailbox_id: id };
        return (await bus.execute(commands.updateMailbox, { org, actor, input, id: writeId })).result;
      },
    }),

    route({
      method: 'DELETE',
      path: '/api/v1/mailboxes/:id',
      tag: 'Mailboxes',
      summary: 'Delete an empty mailbox',
      may: commands.removeMailbox.may,
      params: idParam,
      answers: { 200: written },
      errors: ['mailbox.unknown'],
      write: true,
      async handle({ caller: { org, actor }, params: { id }, writeId }) {
        const input = { mailbox_id: id };
        const { offset } = await bus.execute(commands.removeMailbox, { org, actor, input, id: writeId });
        return { offset };
      },
    }),

    listRoute(lists, {
      path: '/api/v1/mailboxes/:id/messages',
      tag: 'Mailboxes',
      summary: 'List the mail in a mailbox, newest first',
      may,
      params: idParam,
      row: messageRow,
      errors: ['mailbox.unknown'],
      shown: ({ params: { id } }) => ({ channel: `messages:${id}`, params: {} }),
    }),

    route({
      method: 'POST',
      path: '/api/v1/mailboxes/:id/messages/change',
      tag: 'Mailboxes',
      summary: 'Change the mail of a mailbox, all of it or what fits',
      description:
        'In steps: as long as the answer holds `next`, ask once more with it as `cursor`. Each step is done or not as a whole.',
      may: commands.changeFoundMail.may,
      params: idParam,
      body: z.object({
        filter: commands.changeFoundMail.input.shape.filter
          .unwrap()
          .extend({ before: z.iso.datetime({ offset: true }).optional().describe('Received before it.') })
          .default({}),
        change: commands.changeFoundMail.input.shape.change,
        cursor: commands.changeFoundMail.input.shape.cursor,
      }),
      answers: {
        200: z.object({ changed_count: z.int(), next: z.string().nullable(), has_more: z.boolean() }),
      },
      errors: ['mailbox.unknown'],
      write: true,
      async handle({ caller: { org, actor }, params: { id }, body, writeId }) {
        const { before, ...filter } = body.filter;
        const input = {
          ...body,
          mailbox_id: id,
          filter: before === undefined ? filter : { ...filter, before: Date.parse(before) },
        };
        const { result } = await bus.execute(commands.changeFoundMail, { org, actor, input, id: writeId });
        return { ...result, has_more: result.next !== null };
      },
    }),
  ];
}
