import { Failure } from '@roost/protocol';
import { z } from 'zod';
import { ADMINS, type CommandContext, defineCommand } from '../../commands/index.ts';
import { knownWebhook, type StoredWebhook, type Webhook, webhookFields, webhookOf } from './webhook.ts';

const WEBHOOKS_MAX_COUNT = 50;
const may = { roles: ADMINS, scope: 'admin' } as const;
const which = z.object({ webhook_id: z.string().max(64) });
const secret = z.string().regex(/^whsec_[A-Za-z0-9+/]{32,}={0,2}$/);

/** A program that hears of what happens from here on. @throws inbox.unknown */
export const addWebhook = defineCommand({
  name: 'webhook.add',
  input: z.object({ ...webhookFields, secret }),
  may,
  audited: told,
  async run(context, { secret, ...said }): Promise<Webhook> {
    const { tx, org, now } = context;
    await assertRoom(context);
    await assertInboxes(context, said.inbox_ids);
    const since_offset = context.offset - 1;
    const row: StoredWebhook = {
      org,
      id: context.newId(),
      name: said.name,
      url: said.url,
      events: JSON.stringify([...new Set(said.events)]),
      inbox_ids: JSON.stringify([...new Set(said.inbox_ids)]),
      secret,
      active: 1,
      since_offset,
      created_at: now,
      failing_since: null,
      paused_at: null,
      problem: null,
    };
    await tx.insertMany('webhook', Object.keys(row), [Object.values(row)]);
    await tx.run(
      'insert into webhook_position (org, "offset") values (?, ?) on conflict (org) do nothing',
      org,
      since_offset,
    );
    return webhookOf(row);
  },
});

/**
 * Changes what is named. Setting it active again ends a pause: what happened meanwhile is not sent.
 *
 * @throws webhook.unknown, inbox.unknown
 */
export const updateWebhook = defineCommand({
  name: 'webhook.update',
  input: which.extend({
    ...z.object(webhookFields).partial().shape,
    active: z.boolean().optional(),
  }),
  may,
  audited: told,
  async run(context, { webhook_id, ...said }): Promise<Webhook> {
    const { tx, org } = context;
    const before = await knownWebhook(tx, org, webhook_id);
    await assertInboxes(context, said.inbox_ids ?? []);
    const isResumed = said.active === true && (before.active === 0 || before.paused_at !== null);
    const after: StoredWebhook = {
      ...before,
      name: said.name ?? before.name,
      url: said.url ?? before.url,
      events: said.events ? JSON.stringify([...new Set(said.events)]) : before.events,
      inbox_ids: said.inbox_ids ? JSON.stringify([...new Set(said.inbox_ids)]) : before.inbox_ids,
      active: said.active === undefined ? before.active : Number(said.active),
      ...(isResumed && {
        since_offset: context.offset - 1,
        failing_since: null,
        paused_at: null,
        problem: null,
      }),
    };
    await tx.run(
      `update webhook set name = ?, url = ?, events = ?, inbox_ids = ?, active = ?, since_offset = ?,
         failing_since = ?, paused_at = ?, problem = ? where org = ? and id = ?`,
      after.name,
      after.url,
      after.events,
      after.inbox_ids,
      after.active,
      after.since_offset,
      after.failing_since,
      after.paused_at,
      after.problem,
      org,
      webhook_id,
    );
    return webhookOf(after);
  },
});

/** From here on everything is signed with another secret. @throws webhook.unknown */
export const rotateWebhookSecret = defineCommand({
  name: 'webhook.rotate',
  input: which.extend({ secret }),
  may,
  audited: told,
  async run({ tx, org }, { webhook_id, secret }): Promise<Webhook> {
    const row = await knownWebhook(tx, org, webhook_id);
    await tx.run('update webhook set secret = ? where org = ? and id = ?', secret, org, webhook_id);
    return webhookOf(row);
  },
});

/** Nothing is sent any more, and what was sent is forgotten. @throws webhook.unknown */
export const removeWebhook = defineCommand({
  name: 'webhook.remove',
  input: which,
  may,
  audited: told,
  async run({ tx, org }, { webhook_id }): Promise<Webhook> {
    const row = await knownWebhook(tx, org, webhook_id);
    await tx.run('delete from webhook_delivery where org = ? and webhook_id = ?', org, webhook_id);
    await tx.run('delete from webhook where org = ? and id = ?', org, webhook_id);
    await tx.run(
      'delete from webhook_position where org = ? and not exists (select 1 from webhook where org = ?)',
      org,
      org,
    );
    return webhookOf(row);
  },
});

/** An address may hold a secret of its own: only its host is told. */
function told(_: unknown, { name, url }: Webhook) {
  return { name, host: new URL(url).host };
}

async function assertRoom({ tx, org }: CommandContext): Promise<void> {
  const held = await tx.get<{ count: number }>('select count(*) as count from webhook where org = ?', org);
  if (Number(held?.count ?? 0) >= WEBHOOKS_MAX_COUNT)
    throw new Failure('request.invalid', `There are at most ${WEBHOOKS_MAX_COUNT} webhooks.`);
}

async function assertInboxes({ tx, org }: CommandContext, ids: readonly string[]): Promise<void> {
  for (const id of ids)
    if (!(await tx.get('select 1 as one from inbox where org = ? and id = ?', org, id)))
      throw new Failure('inbox.unknown');
}
