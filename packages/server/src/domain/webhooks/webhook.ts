import { type EventName, Failure } from '@roost/protocol';
import { eventName } from '@roost/protocol/schema';
import { z } from 'zod';
import type { Tx } from '../../store/database.ts';
import type { Tables } from '../../store/tables.ts';

const NAME_MAX_CHARS = 200;
const URL_MAX_CHARS = 2_000;
const INBOXES_MAX_COUNT = 200;

/** What an admin says of a webhook. */
export const webhookFields = {
  name: z.string().trim().min(1).max(NAME_MAX_CHARS),
  url: z
    .string()
    .max(URL_MAX_CHARS)
    .refine(isWebUrl, 'Must be a URL that starts with https:// (or http://), without user and password.'),
  /** Which events; all when empty. */
  events: z.array(eventName).max(eventName.options.length),
  /** Events of these inboxes and no others; of everything when empty. */
  inbox_ids: z.array(z.string().min(1).max(64)).max(INBOXES_MAX_COUNT),
};

/** As admins see it: without its secret. */
export interface Webhook {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly events: readonly EventName[];
  readonly inbox_ids: readonly string[];
  readonly active: boolean;
  /** ms since 1970. */
  readonly created_at: number;
  readonly failing_since: number | null;
  /** Nothing is sent since then; setting it active again goes on from there. */
  readonly paused_at: number | null;
  /** What is wrong with it, in words. */
  readonly problem: string | null;
}

export type StoredWebhook = Tables['webhook'];

export function webhookOf(stored: StoredWebhook): Webhook {
  const { id, name, url, created_at, failing_since, paused_at, problem } = stored;
  return {
    id,
    name,
    url,
    events: JSON.parse(stored.events),
    inbox_ids: JSON.parse(stored.inbox_ids),
    active: stored.active === 1,
    created_at,
    failing_since,
    paused_at,
    problem,
  };
}

/** @throws webhook.unknown */
export async function knownWebhook(tx: Tx, org: string, id: string): Promise<StoredWebhook> {
  const found = await tx.get<StoredWebhook>('select * from webhook where org = ? and id = ?', org, id);
  if (!found) throw new Failure('webhook.unknown');
  return found;
}

function isWebUrl(written: string): boolean {
  if (!URL.canParse(written)) return false;
  const { protocol, username, password } = new URL(written);
  return /^https?:$/.test(protocol) && username === '' && password === '';
}
