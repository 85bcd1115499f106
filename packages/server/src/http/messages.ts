import { Failure } from '@roost/protocol';
import { openMessage } from '@roost/protocol/schema';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { commands, queries } from '../domain/index.ts';
import { attachmentNamed, safeContentType } from './disposition.ts';
import { listRoute } from './lists.ts';
import type { BlobReader, HttpNeeds } from './needs.ts';
import { idParam, type Route, route, written } from './route.ts';

/** What a sender wrote is never to run in our origin, however it is opened. */
const CONTAINED = "default-src 'none'; sandbox";

const attachmentParams = idParam.extend({ index: z.string() });

/** One message: opened, as it came, its attachments, its end. */
export function messageRoutes({ lists, bus, blobs, remoteContent }: HttpNeeds): Route[] {
  const { may } = queries.readView;
  return [
    listRoute(lists, {
      path: '/api/v1/messages/:id',
      tag: 'Mail',
      summary: 'Open a message',
      description: 'A list of one row, with what the message says.',
      may,
      params: idParam,
      row: openMessage,
      errors: ['message.unknown'],
      shown: ({ params: { id } }) => ({
        channel: `message:${id}`,
        params: {},
        whenEmpty: new Failure('message.unknown'),
      }),
    }),

    route({
      method: 'GET',
      path: '/api/v1/messages/:id/source',
      tag: 'Mail',
      summary: 'Download a message as it came',
      may,
      params: idParam,
      answers: { 200: { type: 'message/rfc822' }, 304: null },
      errors: ['message.unknown'],
      async handle({ caller: { org, actor }, params: { id }, request, reply }) {
        const digest = await bus.query(queries.findSource, { org, actor, input: { message_id: id } });
        reply.type('message/rfc822').header('content-disposition', attachmentNamed(`${id}.eml`));
        return sendBlob(blobs, request, reply, digest);
      },
    }),

    route({
      method: 'GET',
      path: '/api/v1/messages/:id/attachments/:index',
      tag: 'Mail',
      summary: 'Download an attachment',
      may,
      params: attachmentParams,
      answers: { 200: { type: '*/*' }, 304: null },
      errors: ['message.unknown', 'attachment.unknown'],
      async handle({ caller: { org, actor }, params: { id, index }, request, reply }) {
        if (!/^\d{1,5}$/.test(index)) throw new Failure('attachment.unknown');
        const found = await bus.query(queries.findAttachment, {
          org,
          actor,
          input: { message_id: id, index: Number(index) },
        });
        reply
          .type(safeContentType(found.content_type))
          .header('content-disposition', attachmentNamed(found.filename));
        return sendBlob(blobs, request, reply, found.blob);
      },
    }),

    route({
      method: 'GET',
      path: '/api/v1/messages/:id/remote-content',
      tag: 'Mail',
      summary: 'Fetch a picture that a message names on another server',
      description:
        'Fetched by the server, without cookies or referrer, from public addresses only, at most 5 MB, and only what the HTML of this message names. ROOST_REMOTE_CONTENT switches it off.',
      may,
      params: idParam,
      query: z.object({ url: z.string().min(1).max(4096).describe('As it stands in the HTML.') }),
      answers: { 200: { type: 'image/*' } },
      errors: ['message.unknown', 'content.refused', 'content.unavailable'],
      async handle({ caller: { org, actor }, params: { id }, query: { url }, reply }) {
        const input = { message_id: id, url };
        const isNamed = await bus.query(queries.namesContent, { org, actor, input });
        if (remoteContent === null)
          throw new Failure('content.refused', 'Pictures on other servers are switched off on this server.');
        if (!isNamed) throw new Failure('content.refused', 'The message does not name this address.');
        const { type, bytes } = await remoteContent.image(url);
        return reply
          .type(type)
          .header('cache-control', 'private, max-age=86400, immutable')
          .header('vary', 'Authorization')
          .header('cross-origin-resource-policy', 'same-origin')
          .header('content-security-policy', CONTAINED)
          .send(bytes);
      },
    }),

    route({
      method: 'DELETE',
      path: '/api/v1/messages/:id',
      tag: 'Mail',
      summary: 'Remove a message for good',
      may: commands.removeMessages.may,
      params: idParam,
      answers: { 200: written },
      errors: ['message.unknown'],
      write: true,
      async handle({ caller: { org, actor }, params: { id }, writeId }) {
        const { offset } = await bus.execute(commands.removeMessages, {
          org,
          actor,
          input: { message_ids: [id] },
          id: writeId,
        });
        return { offset };
      },
    }),
  ];
}

/** What a message holds never changes, so a browser that has it need not ask again. */
async function sendBlob(
  blobs: BlobReader,
  request: FastifyRequest,
  reply: FastifyReply,
  digest: string,
): Promise<FastifyReply> {
  const etag = `"${digest}"`;
  reply
    .header('etag', etag)
    .header('cache-control', 'private, max-age=86400, immutable')
    .header('vary', 'Authorization')
    .header('content-security-policy', CONTAINED);
  if (request.headers['if-none-match'] === etag) return reply.code(304).send();
  const stream = blobs.stream(digest);
  // The head of the answer must not say 200 before the bytes are known to be there.
  await new Promise<void>((resolve, reject) => {
    stream.once('readable', resolve).once('end', resolve).once('error', reject);
  });
  return reply.send(stream);
}
