import { Failure } from '@roost/protocol';
import { conversationRow, draftMessage, messageRow, readRow, unreadRow } from '@roost/protocol/schema';
import { z } from 'zod';
import { commands, queries } from '../domain/index.ts';
import { listRoute } from './lists.ts';
import type { HttpNeeds } from './needs.ts';
import { idParam, type Route, route, written } from './route.ts';

const filters = {
  view: z
    .string()
    .max(20)
    .optional()
    .describe(
      '`open` (when left out), `mine`, `unassigned`, `pending`, `snoozed`, `closed`, `archived`, `all`.',
    ),
  inbox: z.string().max(64).optional().describe('Only of this inbox.'),
  label: z.string().max(50).optional().describe('Only with this label.'),
  contact: z.string().max(64).optional().describe('Only with this contact.'),
};

const changeFields = commands.changeConversations.input.shape.change;
const started = z.object({ conversation_id: z.string(), offset: z.int() });
const sent = z.object({ message_id: z.string(), conversation_id: z.string(), offset: z.int() });

/** Conversations as lists, and all that agents do with them. */
export function conversationRoutes(needs: HttpNeeds): Route[] {
  return [...listRoutes(needs), ...startRoutes(needs), ...actionRoutes(needs), ...readRoutes(needs)];
}

function listRoutes({ lists }: HttpNeeds): Route[] {
  const { may } = queries.readView;
  return [
    listRoute(lists, {
      path: '/api/v1/conversations',
      tag: 'Conversations',
      summary: 'List conversations, last active first',
      may,
      filters,
      row: conversationRow,
      errors: ['filter.invalid'],
      shown: ({ query: { view, inbox, label, contact } }) => ({
        channel: 'conversations',
        params: given({ view, inbox, label, contact }),
      }),
    }),
    listRoute(lists, {
      path: '/api/v1/unread',
      tag: 'Conversations',
      summary: 'List what I have not read',
      description: 'Conversations with the count of their unread messages, last active first.',
      may,
      row: unreadRow,
      errors: [],
      shown: () => ({ channel: 'unread', params: {} }),
    }),
    listRoute(lists, {
      path: '/api/v1/direct',
      tag: 'Conversations',
      summary: 'List my direct conversations',
      may,
      row: conversationRow,
      errors: [],
      shown: () => ({ channel: 'direct', params: {} }),
    }),
    listRoute(lists, {
      path: '/api/v1/conversations/:id',
      tag: 'Conversations',
      summary: 'One conversation',
      description: 'A list of one row.',
      may,
      params: idParam,
      row: conversationRow,
      errors: ['conversation.unknown'],
      shown: ({ params: { id } }) => ({
        channel: `conversation:${id}`,
        params: {},
        whenEmpty: new Failure('conversation.unknown'),
      }),
    }),
    listRoute(lists, {
      path: '/api/v1/conversations/:id/messages',
      tag: 'Conversations',
      summary: 'List the messages of a conversation, newest first',
      may,
      params: idParam,
      row: messageRow,
      errors: ['conversation.unknown'],
      shown: ({ params: { id } }) => ({ channel: `thread:${id}`, params: {} }),
    }),
    listRoute(lists, {
      path: '/api/v1/conversations/:id/reads',
      tag: 'Conversations',
      summary: 'How far each member has read a conversation',
      may,
      params: idParam,
      row: readRow,
      errors: ['conversation.unknown'],
      shown: ({ params: { id } }) => ({ channel: `reads:${id}`, params: {} }),
    }),
  ];
}

function startRoutes({ bus }: HttpNeeds): Route[] {
  return [
    route({
      method: 'POST',
      path: '/api/v1/conversations',
      tag: 'Conversations',
      summary: 'Begin a conversation with a contact',
      description: 'Where the channel has one conversation for each contact, it is the one there is.',
      may: commands.startConversation.may,
      body: commands.startConversation.input,
      answers: { 201: started },
      errors: ['contact.unknown', 'inbox.unknown'],
      write: true,
      async handle({ caller: { org, actor }, body, writeId }) {
        const { offset, result } = await bus.execute(commands.startConversation, {
          org,
          actor,
          input: body,
          id: writeId,
        });
        return { ...result, offset };
      },
    }),
    route({
      method: 'POST',
      path: '/api/v1/direct',
      tag: 'Conversations',
      summary: 'Begin a direct conversation with members',
      description: 'Two people have one; with more, each has its subject.',
      may: commands.startDirect.may,
      body: commands.startDirect.input,
      answers: { 201: started },
      errors: ['member.unknown'],
      write: true,
      async handle({ caller: { org, actor }, body, writeId }) {
        const { offset, result } = await bus.execute(commands.startDirect, {
          org,
          actor,
          input: body,
          id: writeId,
        });
        return { ...result, offset };
      },
    }),
    route({
      method: 'POST',
      path: '/api/v1/conversations/:id/participants',
      tag: 'Conversations',
      summary: 'Add members to a direct conversation, or take them out',
      may: commands.changeParticipants.may,
      params: idParam,
      body: commands.changeParticipants.input.omit({ conversation_id: true }),
      answers: { 200: written },
      errors: ['conversation.unknown', 'member.unknown'],
      write: true,
      async handle({ caller: { org, actor }, params: { id }, body, writeId }) {
        const input = { ...body, conversation_id: id };
        const { offset } = await bus.execute(commands.changeParticipants, { org, actor, input, id: writeId });
        return { offset };
      },
    }),
  ];
}

function actionRoutes({ bus }: HttpNeeds): Route[] {
  return [
    route({
      method: 'POST',
      path: '/api/v1/conversations/:id/messages',
      tag: 'Conversations',
      summary: 'Send a message, or write a note',
      description:
        'A reply names what it is based on: `based_on`, the conversation’s `answer_offset` as its author saw it. When ' +
        'something was said since, it is refused with `409 conversation.moved` and what is new under `about`; ' +
        '`override` sends it all the same.',
      may: commands.sendMessage.may,
      params: idParam,
      body: draftMessage,
      bodyMaxBytes: 256 * 1024,
      answers: { 201: sent },
      errors: ['conversation.unknown', 'conversation.moved', 'conversation.window_closed', 'upload.unknown'],
      write: true,
      async handle({ caller: { org, actor }, params: { id }, body, writeId }) {
        const input = { ...body, conversation_id: id };
        const { offset, result } = await bus.execute(commands.sendMessage, {
          org,
          actor,
          input,
          id: writeId,
        });
        return { ...result, offset };
      },
    }),
    route({
      method: 'PATCH',
      path: '/api/v1/conversations/:id',
      tag: 'Conversations',
      summary: 'Assign, close, snooze, label a conversation',
      may: commands.changeConversations.may,
      params: idParam,
      body: changeFields,
      answers: { 200: written },
      errors: ['conversation.unknown', 'member.unknown'],
      write: true,
      async handle({ caller: { org, actor }, params: { id }, body, writeId }) {
        const input = { conversation_ids: [id], change: body };
        const { offset } = await bus.execute(commands.changeConversations, {
          org,
          actor,
          input,
          id: writeId,
        });
        return { offset };
      },
    }),
    route({
      method: 'POST',
      path: '/api/v1/conversations/change',
      tag: 'Conversations',
      summary: 'Change a selection of conversations',
      description: 'All of them or none.',
      may: commands.changeConversations.may,
      body: commands.changeConversations.input,
      answers: { 200: written },
      errors: ['conversation.unknown', 'member.unknown'],
      write: true,
      async handle({ caller: { org, actor }, body, writeId }) {
        const { offset } = await bus.execute(commands.changeConversations, {
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

function readRoutes({ bus }: HttpNeeds): Route[] {
  return [
    route({
      method: 'POST',
      path: '/api/v1/conversations/:id/read',
      tag: 'Conversations',
      summary: 'Mark a conversation read up to an offset',
      description: 'For whoever asks; nobody else’s cursor moves.',
      may: commands.readConversation.may,
      params: idParam,
      body: commands.readConversation.input.omit({ conversation_id: true }),
      answers: { 200: written },
      errors: ['conversation.unknown', 'cursor.unknown'],
      write: true,
      async handle({ caller: { org, actor }, params: { id }, body: { up_to }, writeId }) {
        const input = { conversation_id: id, up_to };
        const { offset } = await bus.execute(commands.readConversation, { org, actor, input, id: writeId });
        return { offset };
      },
    }),
    route({
      method: 'POST',
      path: '/api/v1/conversations/:id/unread',
      tag: 'Conversations',
      summary: 'Mark a conversation unread',
      description: 'Its newest message is unread again, for whoever asks.',
      may: commands.unreadConversation.may,
      params: idParam,
      answers: { 200: written },
      errors: ['conversation.unknown'],
      write: true,
      async handle({ caller: { org, actor }, params: { id }, writeId }) {
        const input = { conversation_id: id };
        const { offset } = await bus.execute(commands.unreadConversation, { org, actor, input, id: writeId });
        return { offset };
      },
    }),
  ];
}

/** Without what was left out. */
function given(params: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(params).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
