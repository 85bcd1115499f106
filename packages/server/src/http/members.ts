import { memberRow, role } from '@roost/protocol/schema';
import { z } from 'zod';
import { commands, queries } from '../domain/index.ts';
import { listRoute } from './lists.ts';
import type { HttpNeeds } from './needs.ts';
import { idParam, type Route, route, written } from './route.ts';

const newMember = z.object({
  email: z.email().max(320),
  name: z.string().trim().max(200).default(''),
  role,
});
const change = z
  .object({ role: role.optional(), active: z.boolean().optional() })
  .refine(({ role, active }) => (role === undefined) !== (active === undefined), {
    error: 'Send either “role” or “active”.',
  });

/** Who is in the organisation, and as what. */
export function memberRoutes({ lists, bus }: HttpNeeds): Route[] {
  return [
    listRoute(lists, {
      path: '/api/v1/members',
      tag: 'Members',
      summary: 'Members',
      description: 'Also those who were deactivated: their names stand under what they wrote.',
      may: queries.readView.may,
      row: memberRow,
      errors: [],
      shown: () => ({ channel: 'members', params: {} }),
    }),

    route({
      method: 'POST',
      path: '/api/v1/members',
      tag: 'Members',
      summary: 'Add a member',
      description: `Somebody with an account on this server can sign in at once. Whoever has none needs an invitation
instead, or a sign-in link of the command line. Only owners make owners.`,
      may: commands.addMember.may,
      body: newMember,
      answers: { 201: written.extend({ id: z.string() }) },
      errors: ['member.exists'],
      write: true,
      async handle({ caller: { org, actor }, body, writeId: id }) {
        const input = { ...body, password_hash: null };
        const { offset, result } = await bus.execute(commands.addMember, { org, actor, input, id });
        return { offset, id: result.id };
      },
    }),

    route({
      method: 'PATCH',
      path: '/api/v1/members/:id',
      tag: 'Members',
      summary: 'Change a role, deactivate or reactivate',
      description: `With \`active: false\` their sessions and tokens end at once, and their name stays. The last owner
stays an owner, and active; only owners decide about owners.`,
      may: commands.changeRole.may,
      params: idParam,
      body: change,
      answers: { 200: written },
      errors: ['member.unknown'],
      write: true,
      async handle({ caller: { org, actor }, params, body, writeId: id }) {
        const user_id = params.id;
        if (body.role !== undefined) {
          const input = { user_id, role: body.role };
          return { offset: (await bus.execute(commands.changeRole, { org, actor, input, id })).offset };
        }
        const command = body.active ? commands.reactivateMember : commands.deactivateMember;
        return { offset: (await bus.execute(command, { org, actor, input: { user_id }, id })).offset };
      },
    }),

    route({
      method: 'DELETE',
      path: '/api/v1/members/:id',
      tag: 'Members',
      summary: 'Remove a member',
      description:
        'Their sessions and tokens end at once. To keep them in the list, deactivate them instead.',
      may: commands.removeMember.may,
      params: idParam,
      answers: { 200: written },
      errors: ['member.unknown'],
      write: true,
      async handle({ caller: { org, actor }, params, writeId: id }) {
        const input = { user_id: params.id };
        return { offset: (await bus.execute(commands.removeMember, { org, actor, input, id })).offset };
      },
    }),
  ];
}
