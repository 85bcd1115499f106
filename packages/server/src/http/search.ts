import { conversationStatus, foundKind, searchPage } from '@roost/protocol/schema';
import { z } from 'zod';
import { queries, SEARCH_MAX_CHARS } from '../domain/index.ts';
import type { HttpNeeds } from './needs.ts';
import { type Route, route } from './route.ts';

const id = z.string().min(1).max(64);
const time = z.iso.datetime({ offset: true });
const asked = z.object({
  q: z
    .string()
    .max(SEARCH_MAX_CHARS)
    .describe(
      'Words that must all be there, `"several in a row"`, `-not this one`; the last as far as it is typed.',
    ),
  inbox: id.optional(),
  status: conversationStatus.optional().describe('Of the conversation.'),
  assignee: id.optional().describe('A user id, or `none`.'),
  label: z.string().max(50).optional(),
  contact: id.optional(),
  kind: z
    .string()
    .optional()
    .transform((written) => (written ? written.split(',') : []))
    .pipe(z.array(foundKind))
    .describe('`contact`, `conversation`, `message`, `note`; several with commas between them.'),
  after: time.optional(),
  before: time.optional().describe('Not at this time any more.'),
  cursor: z.string().max(40).optional().describe('`next` of the page above.'),
  limit: z.coerce.number().int().min(1).max(50).default(20),
});

/** Words lead to what holds them. */
export function searchRoutes({ bus }: HttpNeeds): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/v1/search',
      tag: 'Search',
      summary: 'Contacts, subjects, messages and notes that hold these words',
      description:
        'The newest first, without letter case and accents. `highlights` are places in the plain text of the excerpt. ' +
        'A page may hold fewer than `limit` and `next` all the same: nothing is looked through without end. ' +
        'Mail of inboxes without conversations is found a little after it came.',
      may: queries.runSearch.may,
      query: asked,
      answers: { 200: searchPage },
      errors: ['cursor.malformed'],
      async handle({ caller: { org, actor }, query, reply }) {
        const { q, limit } = query;
        const input = {
          q,
          limit,
          inbox_id: query.inbox ?? null,
          status: query.status ?? null,
          assignee_id: query.assignee ?? null,
          label: query.label ?? null,
          contact_id: query.contact ?? null,
          kinds: query.kind,
          after: query.after === undefined ? null : Date.parse(query.after),
          before: query.before === undefined ? null : Date.parse(query.before),
          cursor: query.cursor ?? null,
        };
        const { rows, next } = await bus.query(queries.runSearch, { org, actor, input });
        reply.header('cache-control', 'no-store');
        return { rows, next, has_more: next !== null };
      },
    }),
  ];
}
