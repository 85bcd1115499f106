import { meRow } from '@roost/protocol/schema';
import { z } from 'zod';
import { EVERY_ROLE } from '../commands/index.ts';
import { commands, queries } from '../domain/index.ts';
import { listRoute } from './lists.ts';
import type { HttpNeeds } from './needs.ts';
import { newPasswordText, PASSWORD_MAX_CHARS } from './password.ts';
import { type Route, route, written } from './route.ts';

const newPassword = z.object({
  password: newPasswordText,
  current_password: z.string().max(PASSWORD_MAX_CHARS).nullish(),
});
const readUpTo = z.object({ up_to: z.int().min(0) });

/** What concerns only the person who asks. */
export function meRoutes({ lists, bus, account }: HttpNeeds): Route[] {
  return [
    listRoute(lists, {
      path: '/api/v1/me',
      tag: 'Me',
      summary: 'Who I am',
      description: 'A list of one row.',
      may: queries.readView.may,
      row: meRow,
      errors: [],
      shown: () => ({ channel: 'me', params: {} }),
    }),

    route({
      method: 'POST',
      path: '/api/v1/me/read',
      tag: 'Me',
      summary: 'Mark everything read up to an offset',
      description: 'Moves forward only: an older offset changes nothing.',
      may: commands.markRead.may,
      body: readUpTo,
      answers: { 200: written },
      errors: [],
      write: true,
      async handle({ caller: { org, user_id, actor }, body: { up_to }, writeId }) {
        const { offset } = await bus.execute(commands.markRead, {
          org,
          actor,
          input: { user_id, up_to },
          id: writeId,
        });
        return { offset };
      },
    }),

    route({
      method: 'POST',
      path: '/api/v1/me/password',
      tag: 'Me',
      summary: 'Set my password',
      description:
        'Who has a password already, and did not just come by a link, sends `current_password` too. Ends every other session of mine.',
      may: { roles: EVERY_ROLE },
      body: newPassword,
      answers: { 204: null },
      errors: ['credentials.wrong'],
      write: false,
      async handle({ caller, body: { password, current_password } }) {
        await account.setPassword(caller, password, current_password ?? null);
      },
    }),
  ];
}
