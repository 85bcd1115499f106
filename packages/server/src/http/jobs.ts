import { Failure } from '@roost/protocol';
import { jobRow } from '@roost/protocol/schema';
import { z } from 'zod';
import { commands, queries } from '../domain/index.ts';
import { listRoute } from './lists.ts';
import type { HttpNeeds } from './needs.ts';
import { idParam, type Route, route, streamed } from './route.ts';

/** Pages of a browser are not opened from a file of somebody's mail. */
const CONTAINED = "default-src 'none'; sandbox";

/** Long work: how far it is, and what it left. */
export function jobRoutes({ bus, lists, jobFiles }: HttpNeeds): Route[] {
  return [
    listRoute(lists, {
      path: '/api/v1/jobs',
      tag: 'Jobs',
      summary: 'List jobs',
      description: 'One’s own, and for owners and admins everybody’s. Newest first.',
      may: queries.readView.may,
      row: jobRow,
      errors: [],
      shown: () => ({ channel: 'jobs', params: {} }),
    }),
    route({
      method: 'GET',
      path: '/api/v1/jobs/:id',
      tag: 'Jobs',
      summary: 'Read a job',
      may: queries.findJob.may,
      params: idParam,
      answers: { 200: jobRow },
      errors: ['job.unknown'],
      handle: ({ caller: { org, actor }, params: { id } }) =>
        bus.query(queries.findJob, { org, actor, input: { job_id: id } }),
    }),
    route({
      method: 'POST',
      path: '/api/v1/jobs/:id/cancel',
      tag: 'Jobs',
      summary: 'Cancel a job',
      description: 'What it has done stays done. A job that has ended is left as it is.',
      may: commands.cancelJob.may,
      params: idParam,
      answers: { 200: jobRow },
      errors: ['job.unknown'],
      write: true,
      async handle({ caller: { org, actor }, params: { id }, writeId }) {
        const input = { job_id: id };
        return (await bus.execute(commands.cancelJob, { org, actor, input, id: writeId })).result;
      },
    }),
    route({
      method: 'GET',
      path: '/api/v1/jobs/:id/file',
      tag: 'Jobs',
      summary: 'Download what a job left',
      description: 'There for a day after the job ended.',
      may: queries.findJobFile.may,
      params: idParam,
      answers: { 200: { type: '*/*' } },
      errors: ['job.unknown'],
      async handle({ caller: { org, actor }, params: { id }, reply }) {
        const file = await bus.query(queries.findJobFile, { org, actor, input: { job_id: id } });
        const stream = jobFiles.stream(id);
        // The head of the answer must not say 200 before the bytes are known to be there.
        await new Promise<void>((resolve, reject) => {
          stream.once('readable', resolve).once('end', resolve);
          stream.once('error', () => reject(new Failure('job.unknown', 'The file of this job is gone.')));
        });
        const name = encodeURIComponent(file.name).replace(
          /['()*]/g,
          (char) => `%${char.charCodeAt(0).toString(16)}`,
        );
        return reply
          .type(file.content_type)
          .header('content-disposition', `attachment; filename*=UTF-8''${name}`)
          .header('cache-control', 'private, no-store')
          .header('content-security-policy', CONTAINED)
          .send(stream);
      },
    }),
  ];
}

const importQuery = z.object({
  filename: z.string().trim().max(255).default(''),
  mailbox_id: z
    .string()
    .max(64)
    .optional()
    .describe('Where all of it goes; by the folders of the file when left out.'),
  rules: z
    .enum(['true', 'false'])
    .default('false')
    .describe('Whether the rules are asked about what is imported.'),
});

/** Mail that is brought along from elsewhere, and taken away. */
export function archiveRoutes({ bus, jobFiles }: HttpNeeds, importMaxBytes: number): Route[] {
  return [
    route({
      method: 'POST',
      path: '/api/v1/inboxes/:id/imports',
      tag: 'Jobs',
      summary: 'Import mail',
      description:
        'The body is the file as it is: an mbox, a mail (`.eml`), a zip or tar of mails, or a Maildir as tar; these but zip also by gzip. Mail that is there already is left out.',
      may: commands.beginImport.may,
      params: idParam,
      query: importQuery,
      body: streamed('*'),
      answers: { 202: jobRow },
      errors: ['inbox.unknown', 'mailbox.unknown'],
      write: true,
      async handle({ caller: { org, actor }, params: { id }, query, body, writeId }) {
        // Before gigabytes are read for nothing.
        await bus.query(queries.findInbox, { org, actor, input: { inbox_id: id } });
        const { upload, size_bytes } = await jobFiles.receive(body, importMaxBytes, writeId);
        try {
          if (size_bytes === 0) throw new Failure('request.invalid', 'The file is empty.');
          const { filename, mailbox_id = null, rules } = query;
          const input = { upload, filename, inbox_id: id, mailbox_id, run_rules: rules === 'true' };
          return (await bus.execute(commands.beginImport, { org, actor, input, id: writeId })).result;
        } catch (error) {
          await jobFiles.removeUpload(upload);
          throw error;
        }
      },
    }),
    route({
      method: 'POST',
      path: '/api/v1/exports',
      tag: 'Jobs',
      summary: 'Export mail',
      description:
        'Of an inbox, of a mailbox, what a search finds, or single messages; as `mbox`, or as `maildir` in a tar by gzip. The file is fetched from `/api/v1/jobs/:id/file`. Its import brings the same mails back.',
      may: commands.beginExport.may,
      body: commands.beginExport.input,
      answers: { 202: jobRow },
      errors: ['inbox.unknown', 'mailbox.unknown'],
      write: true,
      async handle({ caller: { org, actor }, body, writeId }) {
        return (await bus.execute(commands.beginExport, { org, actor, input: body, id: writeId })).result;
      },
    }),
  ];
}

const retention = z.object({ mail_days: z.int().nullable(), quarantine_days: z.int().nullable() });

/** How long mail is kept where nothing nearer says otherwise. */
export function retentionRoutes({ bus }: HttpNeeds): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/v1/retention',
      tag: 'Jobs',
      summary: 'Read how long mail is kept',
      may: queries.readRetention.may,
      answers: { 200: retention },
      errors: [],
      handle: ({ caller: { org, actor } }) => bus.query(queries.readRetention, { org, actor, input: {} }),
    }),
    route({
      method: 'PUT',
      path: '/api/v1/retention',
      tag: 'Jobs',
      summary: 'Change how long mail is kept',
      description:
        'Days, or null for ever, since the server took the mail. A mailbox’s own days count before its inbox’s, and those before these; for quarantine a domain’s own before these.',
      may: commands.keepRetention.may,
      body: commands.keepRetention.input,
      answers: { 200: retention },
      errors: [],
      write: true,
      async handle({ caller: { org, actor }, body, writeId }) {
        return (await bus.execute(commands.keepRetention, { org, actor, input: body, id: writeId })).result;
      },
    }),
  ];
}
