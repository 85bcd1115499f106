import { createHash } from 'node:crypto';
import { Failure, limits } from '@roost/protocol';
import { z } from 'zod';
import { commands, queries } from '../domain/index.ts';
import { bearerToken, writeId } from './caller.ts';
import type { HttpNeeds } from './needs.ts';
import { idParam, type Route, route } from './route.ts';

const SNIPPET_MAX_CHARS = 160;

const visitor = z.object({
  external_id: z
    .string()
    .min(1)
    .max(200)
    .describe('How your application names its visitor; the same again is the same contact.'),
  name: z.string().trim().max(200).default(''),
});
const said = z.object({ text: z.string().trim().min(1).max(limits.TEXT_MAX_CHARS) });
const message = z.object({
  id: z.string(),
  version: z.int(),
  kind: z.enum(['inbound', 'outbound']).describe('`inbound` is what the visitor said.'),
  from: z.string(),
  text: z.string(),
  received_at: z.string(),
});
const system = { kind: 'system', name: 'visitor' } as const;

/** Visitors of a host application: they write to one inbox and read what is answered, and see nothing else. */
export function visitorRoutes({ bus, visitors }: HttpNeeds): Route[] {
  return [
    route({
      method: 'POST',
      path: '/api/v1/inboxes/:id/visitors',
      tag: 'Visitors',
      summary: 'Make a visitor token',
      description:
        'For your server: it vouches for its visitor, and hands the token to the page. Good for a day, for one API inbox.',
      may: commands.sendMessage.may,
      params: idParam,
      body: visitor,
      answers: { 201: z.object({ visitor_token: z.string(), expires_in: z.int() }) },
      errors: ['inbox.unknown'],
      write: false,
      async handle({ caller: { org, actor }, params: { id }, body }) {
        const inbox = await bus.query(queries.findInbox, { org, actor, input: { inbox_id: id } });
        if (inbox.kind !== 'api') throw new Failure('inbox.unknown', 'Visitors write to API inboxes only.');
        return visitors.token({ org, inbox_id: id, ...body });
      },
    }),
    route({
      method: 'POST',
      path: '/api/v1/visitor/messages',
      tag: 'Visitors',
      summary: 'Say something as a visitor',
      description: 'With a visitor token as bearer. The same `Idempotency-Key` again changes nothing.',
      may: 'anyone',
      body: said,
      bodyMaxBytes: 128 * 1024,
      answers: { 201: z.object({ message_id: z.string() }) },
      errors: ['token.missing', 'token.invalid', 'inbox.unknown'],
      write: true,
      async handle({ body: { text }, request }) {
        const { org, inbox_id, external_id, name } = await visitors.read(bearerToken(request));
        const id = writeId(request);
        const { result } = await bus.execute(commands.acceptMessages, {
          org,
          actor: system,
          input: {
            arrivals: [
              {
                to: [],
                inbox_id,
                sender: { kind: 'external', value: external_id, name },
                from: name || external_id,
                subject: '',
                snippet: text.replace(/\s+/g, ' ').slice(0, SNIPPET_MAX_CHARS),
                text,
                size_bytes: Buffer.byteLength(text),
                external_id: id === null ? null : repeatName(external_id, id),
                content: { headers: [], text, html: null, attachments: [], truncated: false },
                source: null,
                attachment_blobs: [],
                problem: null,
              },
            ],
          },
        });
        return { message_id: result[0]?.message_ids[0] };
      },
    }),
    route({
      method: 'GET',
      path: '/api/v1/visitor/messages',
      tag: 'Visitors',
      summary: 'Read the conversation as a visitor',
      description: 'Oldest first, after the message `after`; notes of the team are not part of it.',
      may: 'anyone',
      query: z.object({ after: z.string().max(64).optional() }),
      answers: { 200: z.object({ messages: z.array(message) }) },
      errors: ['token.missing', 'token.invalid'],
      async handle({ query: { after }, request, reply }) {
        const { org, inbox_id, external_id } = await visitors.read(bearerToken(request));
        reply.header('cache-control', 'private, no-cache');
        const messages = await bus.query(queries.readVisitorMessages, {
          org,
          actor: system,
          input: { inbox_id, external_id, after: after ?? null },
        });
        return { messages };
      },
    }),
  ];
}

/** One visitor's keys are never taken for another's. */
function repeatName(externalId: string, id: string): string {
  return `visitor:${createHash('sha256').update(`${externalId}\n${id}`).digest('hex')}`;
}
