import type { CommandContext } from '../../commands/index.ts';
import { EVERY_DAYS_MAX } from './commands.ts';

const DAY_MS = 24 * 3_600_000;

/** When one of these addresses was last answered, ms since 1970; null for never. */
export async function lastAnswered(
  { tx, org }: Pick<CommandContext, 'tx' | 'org'>,
  inboxId: string,
  addresses: readonly string[],
): Promise<number | null> {
  const found = await tx.get<{ at: number | null }>(
    `select max(at) as at from auto_reply_sent where org = ? and inbox_id = ?
        and address in (${addresses.map(() => '?').join(', ')})`,
    org,
    inboxId,
    ...addresses,
  );
  return found?.at == null ? null : Number(found.at);
}

/** What is older than any period may be is forgotten on the way, so that the table holds no more than it has to. */
export async function rememberAnswered(
  { tx, org, now }: Pick<CommandContext, 'tx' | 'org' | 'now'>,
  inboxId: string,
  addresses: readonly string[],
): Promise<void> {
  for (const address of addresses)
    await tx.run(
      `insert into auto_reply_sent (org, inbox_id, address, at) values (?, ?, ?, ?)
         on conflict (org, inbox_id, address) do update set at = excluded.at`,
      org,
      inboxId,
      address,
      now,
    );
  await tx.run(
    'delete from auto_reply_sent where org = ? and inbox_id = ? and at < ?',
    org,
    inboxId,
    now - EVERY_DAYS_MAX * DAY_MS,
  );
}
