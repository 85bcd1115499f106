import { z } from 'zod';
import { row } from './down/rows.ts';
import { FILTER_MAX_CHARS, PAGE_DEFAULT_ROWS, PAGE_MAX_ROWS } from './limits.ts';

/** `POST /api/v1/sessions` */
export const signIn = z.object({ email: z.string().min(1).max(320), password: z.string().min(1).max(1024) });
export const signedIn = z.object({
  access_token: z.string(),
  /** Seconds. */
  expires_in: z.int(),
  user_id: z.string(),
  org_id: z.string(),
});
export type SignedIn = z.infer<typeof signedIn>;

/** Query of `GET /api/v1/<list>`. */
export const listQuery = z.object({
  filter: z.string().max(FILTER_MAX_CHARS).optional(),
  limit: z.coerce.number().int().min(1).max(PAGE_MAX_ROWS).default(PAGE_DEFAULT_ROWS),
  before: z.string().max(200).optional(),
  since: z.string().max(64).optional(),
});
export type ListQuery = z.infer<typeof listQuery>;

/** Answer of a list: its top, or the page below `before`. */
export const listPage = z.object({
  rows: z.array(row),
  next: z.string().nullable(),
  has_more: z.boolean(),
  cursor: z.string(),
});
export type ListPage = z.infer<typeof listPage>;

/** Answer of a list asked with `since`: what changed after it, as one delta. */
export const listDelta = z.object({
  prev: z.int(),
  offset: z.int(),
  added: z.array(row),
  updated: z.array(row),
  deleted: z.array(z.string()),
  cursor: z.string(),
});
export type ListDelta = z.infer<typeof listDelta>;

/** One message for `POST /api/v1/ingest/messages`. */
export const ingestMessage = z.object({
  to: z.union([z.string().min(1).max(320), z.array(z.string().min(1).max(320)).min(1).max(100)]),
  from: z.string().min(1).max(998),
  subject: z.string().max(998).default(''),
  text: z.string().max(1_000_000).default(''),
  /** Names the message at its source; the same one again in the same inbox is a repeat and changes nothing. */
  external_id: z.string().min(1).max(998).optional(),
});
export type IngestMessage = z.infer<typeof ingestMessage>;

/** application/problem+json (RFC 9457). */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string(),
  remedy: z.string(),
  /** What whoever is told needs to go on, such as what is new in a conversation. */
  about: z.record(z.string(), z.unknown()).optional(),
  request_id: z.string().optional(),
});
export type Problem = z.infer<typeof problem>;
