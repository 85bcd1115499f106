import type { DeliveryStatus, MessageRow } from '@roost/protocol';
import type { CommandContext } from '../../commands/index.ts';
import { nextStatus } from '../outbox/status.ts';

/** A report may overtake the answer to the call that sent the message; by hours, when something is wrong. */
const KEPT_MS = 24 * 3_600_000;

export interface EarlyStatus {
  readonly external_id: string;
  readonly status: DeliveryStatus;
  readonly says: string | null;
}

/** Keeps reports about messages that nobody here knows yet, or that somebody else sent with the same number. */
export async function keepEarlyStatuses(
  { tx, org, now }: CommandContext,
  inboxId: string,
  statuses: readonly EarlyStatus[],
): Promise<void> {
  await tx.run('delete from whatsapp_status where org = ? and at < ?', org, now - KEPT_MS);
  for (const { external_id, status, says } of statuses) {
    await tx.run(
      `insert into whatsapp_status (org, inbox_id, external_id, status, says, at) values (?, ?, ?, ?, ?, ?)
         on conflict (org, inbox_id, external_id, status) do nothing`,
      org,
      inboxId,
      external_id,
      status,
      says,
      now,
    );
  }
}

/** What was reported of a message before its provider's id was known here; null for nothing. */
export async function takeEarlyStatus(
  { tx, org }: CommandContext,
  { inbox_id }: Pick<MessageRow, 'inbox_id'>,
  externalId: string,
): Promise<{ readonly status: DeliveryStatus; readonly says: string | null } | null> {
  const found = await tx.all<{ status: DeliveryStatus; says: string | null }>(
    'select status, says from whatsapp_status where org = ? and inbox_id = ? and external_id = ?',
    org,
    inbox_id,
    externalId,
  );
  const [first, ...others] = found;
  if (!first) return null;
  await tx.run(
    'delete from whatsapp_status where org = ? and inbox_id = ? and external_id = ?',
    org,
    inbox_id,
    externalId,
  );
  return others.reduce(
    (best, one) => (nextStatus(best.status, one.status) === one.status ? one : best),
    first,
  );
}
