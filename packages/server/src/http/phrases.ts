import { cannedReplyRow, labelRow } from '@roost/protocol/schema';
import { z } from 'zod';
import { commands, queries } from '../domain/index.ts';
import { listRoute } from './lists.ts';
import type { HttpNeeds } from './needs.ts';
import { idParam, type Route, route, written } from './route.ts';

/** Labels and canned replies: the words that a team has in common. */
export function phraseRoutes(needs: HttpNeeds): Route[] {
  return [...labelRoutes(needs), ...cannedReplyRoutes(needs)];
}

function labelRoutes({ lists, bus }: HttpNeeds): Route[] {
  return [
    listRoute(lists, {
      path: '/api/v1/labels',
      tag: 'Conversations',
      summary: 'List labels',
      may: queries.readView.may,
      row: labelRow,
      errors: [],
      shown: () => ({ channel: 'labels', params: {} }),
    }),
    route({
      method: 'PUT',
      path: '/api/v1/labels/:id',
      tag: 'Conversations',
      summary: 'Add a label, or change its colour',
      may: commands.keepLabel.may,
      params: z.object({ id: commands.keepLabel.input.shape.name.describe('Its name.') }),
      body: commands.keepLabel.input.omit({ name: true }),
      answers: { 200: labelRow },
      errors: [],
      write: true,
      async handle({ caller: { org, actor }, params, body, writeId }) {
        const input = { ...body, name: params.id };
        const { result } = await bus.execute(commands.keepLabel, { org, actor, input, id: writeId });
        return result;
      },
    }),
    route({
      method: 'DELETE',
      path: '/api/v1/labels/:id',
      tag: 'Conversations',
      summary: 'Remove a label',
      description: 'Conversations that carry it go on doing so; it is no longer offered.',
      may: commands.removeLabel.may,
      params: idParam,
      answers: { 200: written },
      errors: ['label.unknown'],
      write: true,
      async handle({ caller: { org, actor }, params: { id }, writeId }) {
        const input = { label_id: id.toLowerCase() };
        const { offset } = await bus.execute(commands.removeLabel, { org, actor, input, id: writeId });
        return { offset };
      },
    }),
  ];
}

function cannedReplyRoutes({ lists, bus }: HttpNeeds): Route[] {
  return [
    listRoute(lists, {
      path: '/api/v1/canned-replies',
      tag: 'Conversations',
      summary: 'List canned replies',
      may: queries.readView.may,
      row: cannedReplyRow,
      errors: [],
      shown: () => ({ channel: 'canned_replies', params: {} }),
    }),
    route({
      method: 'POST',
      path: '/api/v1/canned-replies',
      tag: 'Conversations',
      summary: 'Add a canned reply',
      description: 'Its text may hold `{{contact.name}}`, `{{agent.name}}` and `{{conversation.subject}}`.',
      may: commands.addCannedReply.may,
      body: commands.addCannedReply.input,
      answers: { 201: cannedReplyRow },
      errors: ['reply.exists'],
      write: true,
      async handle({ caller: { org, actor }, body, writeId }) {
        const { result } = await bus.execute(commands.addCannedReply, {
          org,
          actor,
          input: body,
          id: writeId,
        });
        return result;
      },
    }),
    route({
      method: 'PATCH',
      path: '/api/v1/canned-replies/:id',
      tag: 'Conversations',
      summary: 'Change a canned reply',
      may: commands.updateCannedReply.may,
      params: idParam,
      body: commands.updateCannedReply.input.omit({ canned_reply_id: true }),
      answers: { 200: cannedReplyRow },
      errors: ['reply.unknown', 'reply.exists'],
      write: true,
      async handle({ caller: { org, actor }, params: { id }, body, writeId }) {
        const input = { ...body, canned_reply_id: id };
        const { result } = await bus.execute(commands.updateCannedReply, { org, actor, input, id: writeId });
        return result;
      },
    }),
    route({
      method: 'DELETE',
      path: '/api/v1/canned-replies/:id',
      tag: 'Conversations',
      summary: 'Remove a canned reply',
      may: commands.removeCannedReply.may,
      params: idParam,
      answers: { 200: written },
      errors: ['reply.unknown'],
      write: true,
      async handle({ caller: { org, actor }, params: { id }, writeId }) {
        const input = { canned_reply_id: id };
        const { offset } = await bus.execute(commands.removeCannedReply, { org, actor, input, id: writeId });
        return { offset };
      },
    }),
  ];
}
