import { decidedBy, messageRow, ruleRow } from '@roost/protocol/schema';
import { z } from 'zod';
import { ADMINS, type Permission } from '../commands/index.ts';
import { commands, queries } from '../domain/index.ts';
import { listRoute } from './lists.ts';
import type { HttpNeeds } from './needs.ts';
import { isoTime } from './opened.ts';
import { type Route, route, written } from './route.ts';

const page = { next: z.string().nullable(), has_more: z.boolean() };
const paging = {
  before: z.string().max(64).optional().describe('`next` of the page above.'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
};
const time = z.iso.datetime({ offset: true }).optional();
const selection = commands.releaseMail.input;
const readable: Permission = { roles: ADMINS, scope: 'read' };

/** Mail that is kept from people: to find it, and to say what becomes of it. For owners and admins alone. */
export function quarantineRoutes(needs: HttpNeeds): Route[] {
  return [...readRoutes(needs), ...bulkRoutes(needs)];
}

function readRoutes({ lists, bus }: HttpNeeds): Route[] {
  return [
    listRoute(lists, {
      path: '/api/v1/quarantine',
      tag: 'Quarantine',
      summary: 'List quarantined mail, newest first',
      may: readable,
      row: messageRow,
      errors: [],
      shown: () => ({ channel: 'quarantine', params: {} }),
    }),

    route({
      method: 'GET',
      path: '/api/v1/quarantine/search',
      tag: 'Quarantine',
      summary: 'Find quarantined mail',
      description: 'Goes on with `next` as `before`, also where a page is short: each looks only so far.',
      may: queries.findQuarantined.may,
      query: z.object({
        domain: z.string().max(253).optional().describe('Of a recipient.'),
        sender_domain: z.string().max(253).optional(),
        recipient: z.string().max(320).optional().describe('Part of a recipient’s name before the `@`.'),
        from: time,
        until: time.describe('Before it.'),
        ...paging,
      }),
      answers: { 200: z.object({ rows: z.array(messageRow), ...page }) },
      errors: [],
      async handle({ caller: { org, actor }, query }) {
        const input = {
          domain: query.domain ?? null,
          sender_domain: query.sender_domain ?? null,
          recipient: query.recipient ?? null,
          from: msOf(query.from),
          until: msOf(query.until),
          before: query.before ?? null,
          limit: query.limit,
        };
        const { rows, next } = await bus.query(queries.findQuarantined, { org, actor, input });
        return { rows, next, has_more: next !== null };
      },
    }),

    route({
      method: 'GET',
      path: '/api/v1/dropped',
      tag: 'Quarantine',
      summary: 'List mail that was dropped',
      description: 'The decisions only, newest first: nothing else is kept of it.',
      may: queries.listDropped.may,
      query: z.object(paging),
      answers: {
        200: z.object({
          rows: z.array(
            z.object({
              id: z.string(),
              at: z.iso.datetime(),
              inbox_id: z.string(),
              sender: z.string(),
              recipients: z.array(z.string()),
              subject: z.string(),
              size_bytes: z.int(),
              decided_by: decidedBy.nullable(),
            }),
          ),
          ...page,
        }),
      },
      errors: ['cursor.malformed'],
      async handle({ caller: { org, actor }, query: { before = null, limit } }) {
        const { rows, next } = await bus.query(queries.listDropped, { org, actor, input: { before, limit } });
        return { rows: rows.map((row) => ({ ...row, at: isoTime(row.at) })), next, has_more: next !== null };
      },
    }),
  ];
}

function bulkRoutes({ bus }: HttpNeeds): Route[] {
  const bulk = (
    path: string,
    summary: string,
    description: string,
    command: typeof commands.releaseMail | typeof commands.quarantineMail,
  ) =>
    route({
      method: 'POST',
      path,
      tag: 'Quarantine',
      summary,
      description,
      may: command.may,
      body: selection,
      answers: { 200: written },
      errors: ['message.unknown'],
      write: true,
      async handle({ caller: { org, actor }, body, writeId }) {
        const { offset } = await bus.execute(command, { org, actor, input: body, id: writeId });
        return { offset };
      },
    });
  return [
    bulk(
      '/api/v1/quarantine/release',
      'Let mail out of quarantine',
      'To where it would have gone: mailbox, lists, conversation. All of the selection or none.',
      commands.releaseMail,
    ),
    bulk(
      '/api/v1/quarantine/add',
      'Put mail into quarantine',
      'It goes from the screens of everybody else. All of the selection or none.',
      commands.quarantineMail,
    ),
    route({
      method: 'POST',
      path: '/api/v1/quarantine/delete',
      tag: 'Quarantine',
      summary: 'Delete quarantined mail for good',
      description: 'All of the selection or none; mail that is not in quarantine is not deleted this way.',
      may: commands.deleteQuarantined.may,
      body: selection,
      answers: { 200: written },
      errors: ['message.unknown'],
      write: true,
      async handle({ caller: { org, actor }, body, writeId }) {
        const { offset } = await bus.execute(commands.deleteQuarantined, {
          org,
          actor,
          input: body,
          id: writeId,
        });
        return { offset };
      },
    }),
    route({
      method: 'POST',
      path: '/api/v1/quarantine/rules',
      tag: 'Quarantine',
      summary: 'Make rules of quarantined mail',
      description:
        'For the domains it came to, one rule for each distinct sender, domain of a sender, recipient or subject. The mail itself stays where it is.',
      may: commands.makeRulesOf.may,
      body: commands.makeRulesOf.input,
      answers: { 201: z.object({ rows: z.array(ruleRow) }) },
      errors: ['message.unknown', 'rule.invalid'],
      write: true,
      async handle({ caller: { org, actor }, body, writeId }) {
        const { result } = await bus.execute(commands.makeRulesOf, { org, actor, input: body, id: writeId });
        return { rows: result };
      },
    }),
  ];
}

function msOf(written: string | undefined): number | null {
  return written === undefined ? null : Date.parse(written);
}
