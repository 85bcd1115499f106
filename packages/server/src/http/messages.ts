import { Failure } from '@roost/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { commands, queries } from '../domain/index.ts';
import { authenticated, callerOf, writeId } from './caller.ts';
import { attachmentNamed, safeContentType } from './disposition.ts';
import { answerList } from './lists.ts';
import type { BlobReader, HttpNeeds } from './needs.ts';

/** What a sender wrote is never to run in our origin, however it is opened. */
const CONTAINED = "default-src 'none'; sandbox";

type OfMessage = { Params: { id: string } };
type OfAttachment = { Params: { id: string; index: string } };

/** One message: opened, as it came, its attachments, its end. */
export function messageRoutes(app: FastifyInstance, { gate, lists, bus, blobs }: HttpNeeds) {
  const reads = { onRequest: authenticated(gate, queries.readView.may) };

  app.get<OfMessage>('/api/v1/messages/:id', reads, (request, reply) =>
    answerList(lists, request, reply, {
      channel: `message:${request.params.id}`,
      params: {},
      whenEmpty: new Failure('message.unknown'),
    }),
  );

  app.get<OfMessage>('/api/v1/messages/:id/source', reads, async (request, reply) => {
    const { org, actor } = callerOf(request);
    const { id } = request.params;
    const digest = await bus.query(queries.findSource, { org, actor, input: { message_id: id } });
    reply.type('message/rfc822').header('content-disposition', attachmentNamed(`${id}.eml`));
    return sendBlob(blobs, request, reply, digest);
  });

  app.get<OfAttachment>('/api/v1/messages/:id/attachments/:index', reads, async (request, reply) => {
    const { org, actor } = callerOf(request);
    const { id, index } = request.params;
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
  });

  app.delete<OfMessage>(
    '/api/v1/messages/:id',
    { onRequest: authenticated(gate, commands.removeMessages.may) },
    async (request) => {
      const { org, actor } = callerOf(request);
      const { offset } = await bus.execute(commands.removeMessages, {
        org,
        actor,
        input: { message_ids: [request.params.id] },
        id: writeId(request),
      });
      return { offset };
    },
  );
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
