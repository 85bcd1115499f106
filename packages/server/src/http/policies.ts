import { policyRow } from '@roost/protocol/schema';
import { z } from 'zod';
import { ADMINS } from '../commands/index.ts';
import { commands } from '../domain/index.ts';
import { listRoute } from './lists.ts';
import type { HttpNeeds } from './needs.ts';
import { type Route, route } from './route.ts';

/** What domains take. */
export function policyRoutes({ lists, bus }: HttpNeeds): Route[] {
  return [
    listRoute(lists, {
      path: '/api/v1/policies',
      tag: 'Rules',
      summary: 'List what domains take',
      description: 'A domain without a policy takes everything.',
      may: { roles: ADMINS, scope: 'read' },
      row: policyRow,
      errors: [],
      shown: () => ({ channel: 'policies', params: {} }),
    }),
    route({
      method: 'PUT',
      path: '/api/v1/policies/:id',
      tag: 'Rules',
      summary: 'Say what a domain takes',
      description: '`id` is the domain. What is left out stays as it is.',
      may: commands.keepPolicy.may,
      params: z.object({ id: commands.keepPolicy.input.shape.domain }),
      body: commands.keepPolicy.input.omit({ domain: true }),
      answers: { 200: policyRow },
      errors: [],
      write: true,
      async handle({ caller: { org, actor }, params: { id }, body, writeId }) {
        const input = { ...body, domain: id };
        return (await bus.execute(commands.keepPolicy, { org, actor, input, id: writeId })).result;
      },
    }),
  ];
}
