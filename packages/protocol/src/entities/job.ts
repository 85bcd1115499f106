import { z } from 'zod';

/** Long work, with how far it has come. Seen by whoever began it, and by admins. */
export const jobRow = z.object({
  id: z.string(),
  version: z.int(),
  kind: z.enum(['import', 'export', 'rules_dry_run', 'purge', 'bulk']),
  user_id: z.string().nullable(),
  /** What it does, in words. */
  says: z.string(),
  state: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']),
  done: z.int(),
  /** Null until it is known. */
  total: z.int().nullable(),
  /** What did not work, in words; the rest was done. */
  problems: z.array(z.string()),
  /** What it left to be fetched: `/api/v1/jobs/<id>/file`. */
  has_file: z.boolean(),
  started_at: z.string().nullable(),
  ended_at: z.string().nullable(),
});
export type JobRow = z.infer<typeof jobRow>;
