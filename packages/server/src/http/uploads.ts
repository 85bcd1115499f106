import { Failure } from '@roost/protocol';
import { z } from 'zod';
import { commands } from '../domain/index.ts';
import { BodyBudget } from './body-budget.ts';
import type { HttpNeeds } from './needs.ts';
import { bytes, type Route, route } from './route.ts';

/** As large as WhatsApp takes a document, which is more than most mail servers do. */
const UPLOAD_MAX_BYTES = 100 << 20;
/** Of all uploads being read at once. */
const UPLOADS_MAX_BYTES = 256 << 20;

const uploadQuery = z.object({ filename: z.string().trim().min(1).max(255) });

/** Files that go ahead of the message that is to carry them. */
export function uploadRoutes({ bus, blobs }: HttpNeeds): Route[] {
  const budget = new BodyBudget(UPLOADS_MAX_BYTES);
  return [
    route({
      method: 'POST',
      path: '/api/v1/uploads',
      tag: 'Conversations',
      summary: 'Upload a file for a message',
      description:
        'The body is the file as it is; name its `upload_id` under `uploads` of the message. Kept for a day.',
      may: commands.keepUpload.may,
      query: uploadQuery,
      body: bytes('*'),
      bodyMaxBytes: UPLOAD_MAX_BYTES,
      answers: { 201: z.object({ upload_id: z.string() }) },
      errors: [],
      write: true,
      admit: (request, reply) => budget.admit(request, reply, UPLOAD_MAX_BYTES),
      async handle({ caller: { org, actor }, query: { filename }, body, writeId, request }) {
        if (body.length === 0) throw new Failure('request.invalid', 'The file is empty.');
        const digest = await blobs.put(body);
        const { result } = await bus.execute(commands.keepUpload, {
          org,
          actor,
          input: {
            digest,
            filename: safeName(filename),
            content_type: contentTypeOf(request.headers['content-type']),
            size_bytes: body.length,
          },
          id: writeId,
        });
        return result;
      },
    }),
  ];
}

/** A name without a way to anywhere, and nothing that no screen shows. */
function safeName(filename: string): string {
  const plain = filename.replace(/[\p{Cc}\p{Cf}/\\]/gu, '_').replace(/^\.+/, '_');
  return plain.trim() === '' ? 'file' : plain;
}

function contentTypeOf(header: string | undefined): string {
  const named = (header ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  return /^[\w.+-]{1,60}\/[\w.+-]{1,100}$/.test(named) ? named : 'application/octet-stream';
}
