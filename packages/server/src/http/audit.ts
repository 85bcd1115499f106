import { z } from 'zod';
import { queries } from '../domain/index.ts';
import type { HttpNeeds } from './needs.ts';
import { isoTime } from './opened.ts';
import { type Route, route } from './route.ts';

const time = z.iso.datetime({ offset: true }).optional();
const filter = z.object({
  actor: z.string().max(200).optional().describe('A user id, or an actor as rows name it.'),
  command: z
    .string()
    .max(100)
    .optional()
    .describe('A name, or with a dot at its end all that begin with it.'),
  from: time,
  until: time.describe('Before it.'),
  before: z.string().max(100).optional().describe('`next` of the page above.'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
const row = z.object({
  id: z.string(),
  offset: z.int().describe('Place in the log at which it took effect.'),
  at: z.iso.datetime(),
  actor: z.string().describe('`member:<user id>`, `token:<token id>` or `system:<name>`.'),
  user_id: z.string().nullable().describe('Whose session or token it was; null for the server itself.'),
  command: z.string(),
  subjects: z.array(z.tuple([z.string(), z.string()])).describe('Kind and id of what it changed.'),
  detail: z.record(z.string(), z.unknown()),
  says: z.string().describe('All of it in one sentence.'),
});
const page = z.object({ rows: z.array(row), next: z.string().nullable(), has_more: z.boolean() });

/** What was administered, by whom. */
export function auditRoutes({ bus }: HttpNeeds): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/v1/audit',
      tag: 'Audit',
      summary: 'Administrative changes',
      description: 'The newest first. Holds no secret, and nothing of what anybody wrote to anybody.',
      may: queries.listAudit.may,
      query: filter,
      answers: { 200: page },
      errors: ['cursor.malformed'],
      async handle({ caller: { org, actor }, query }) {
        const input = {
          actor: query.actor ?? null,
          command: query.command ?? null,
          from: msOf(query.from),
          until: msOf(query.until),
          before: query.before ?? null,
          limit: query.limit,
        };
        const { rows, next } = await bus.query(queries.listAudit, { org, actor, input });
        return { rows: rows.map((one) => ({ ...one, at: isoTime(one.at) })), next, has_more: next !== null };
      },
    }),
  ];
}

function msOf(written: string | undefined): number | null {
  return written === undefined ? null : Date.parse(written);
}
