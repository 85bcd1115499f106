import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { EVERY_ROLE, readInput } from '../commands/index.ts';
import { commands, queries } from '../domain/index.ts';
import { authenticated, callerOf, writeId } from './caller.ts';
import { answerList } from './lists.ts';
import type { HttpNeeds } from './needs.ts';

const PASSWORD_MIN_CHARS = 10;
const PASSWORD_MAX_CHARS = 1024;

const newPassword = z.object({
  password: z
    .string()
    .min(PASSWORD_MIN_CHARS, `A password has at least ${PASSWORD_MIN_CHARS} characters.`)
    .max(PASSWORD_MAX_CHARS, `A password has at most ${PASSWORD_MAX_CHARS} characters.`),
  current_password: z.string().max(PASSWORD_MAX_CHARS).nullish(),
});
const readUpTo = z.object({ up_to: z.int().min(0) });

/** What concerns only the person who asks. */
export function meRoutes(app: FastifyInstance, { gate, lists, bus, sessions }: HttpNeeds) {
  app.get('/api/v1/me', { onRequest: authenticated(gate, queries.readView.may) }, (request, reply) =>
    answerList(lists, request, reply, { channel: 'me', params: {} }),
  );

  app.post('/api/v1/me/read', { onRequest: authenticated(gate, commands.markRead.may) }, async (request) => {
    const { org, user_id, actor } = callerOf(request);
    const { up_to } = readInput(readUpTo, request.body);
    const { offset } = await bus.execute(commands.markRead, {
      org,
      actor,
      input: { user_id, up_to },
      id: writeId(request),
    });
    return { offset };
  });

  app.post(
    '/api/v1/me/password',
    { onRequest: authenticated(gate, { roles: EVERY_ROLE }) },
    async (request, reply) => {
      const { password, current_password } = readInput(newPassword, request.body);
      await sessions.setPassword(callerOf(request), password, current_password ?? null);
      return reply.code(204).send();
    },
  );
}
