import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { systemSecrets } from '../../clock.ts';
import { StoreEngine } from '../../commands/index.ts';
import { ManualClock } from '../../commands/testing/manual-clock.ts';
import { Node, system } from '../../commands/testing/node.ts';
import { newWebhookSecret } from '../../outbound/webhooks/index.ts';
import type { Database } from '../../store/database.ts';
import { openPostgres } from '../../store/postgres/postgres.ts';
import { openSqlite } from '../../store/sqlite/sqlite.ts';
import { freshPostgres, postgresMissing } from '../../store/testing/postgres.ts';
import { commands, queries, registry } from '../index.ts';
import { Correspondence } from '../outbox/testing/correspondence.ts';

const org = 'a';
const of = <I>(input: I) => ({ org, actor: system, input });

/** What the store keeps of webhooks, whatever store it is; the job and its requests have tests of their own. */
function webhookContract(open: () => Promise<{ database: Database; close(): Promise<void> }>): void {
  let clock: ManualClock;
  let node: Node;
  let desk: Correspondence;
  let close: () => Promise<void>;
  beforeEach(async () => {
    const opened = await open();
    clock = new ManualClock();
    node = new Node(new StoreEngine(opened.database, registry, clock, Math.random));
    desk = await Correspondence.begin(node.bus, org);
    close = async () => {
      await node.bus.idle();
      await opened.database.close();
      await opened.close();
    };
  });
  afterEach(() => close());

  async function add(url = 'https://hook.example/'): Promise<string> {
    const secret = newWebhookSecret(systemSecrets);
    const input = { name: 'Books', url, events: ['message:received' as const], inbox_ids: [], secret };
    return (await node.bus.execute(commands.addWebhook, of(input))).result.id;
  }

  /** As the job does it. @returns how many were noted */
  async function follow(): Promise<number> {
    const upcoming = await node.bus.query(queries.upcomingDeliveries, of({}));
    if (!upcoming) return 0;
    const { from, to, deliveries } = upcoming;
    await node.bus.execute(commands.noteDeliveries, of({ from, to, deliveries: [...deliveries] }));
    return deliveries.length;
  }

  function due(without: string[] = []) {
    return node.bus.query(queries.dueDeliveries, of({ now: clock.now(), without, limit: 100 }));
  }

  async function claim(some: readonly { webhook_id: string; id: string }[]) {
    const deliveries = some.map(({ webhook_id, id }) => ({ webhook_id, id }));
    return (await node.bus.execute(commands.claimDeliveries, of({ deliveries, lease_ms: 60_000 }))).result;
  }

  test('the log is read on from where it was read to, and each event noted once, whoever reads', async () => {
    const id = await add();
    expect(await node.bus.query(queries.webhooksBehind, of({}))).toEqual({ orgs: [], isAny: true });
    await desk.begun('one@example.org');
    expect(await node.bus.query(queries.webhooksBehind, of({}))).toEqual({ orgs: [org], isAny: true });
    const first = await node.bus.query(queries.upcomingDeliveries, of({}));
    const second = await node.bus.query(queries.upcomingDeliveries, of({}));
    if (!first || !second) throw new Error('There was nothing to read');
    for (const [{ from, to, deliveries }, isFirst] of [
      [first, true],
      [second, false],
    ] as const) {
      const { result } = await node.bus.execute(
        commands.noteDeliveries,
        of({ from, to, deliveries: [...deliveries] }),
      );
      expect(result).toBe(isFirst);
    }
    expect(await due()).toMatchObject([{ webhook_id: id }]);
    expect(await follow()).toBe(0);
  });

  test('one attempt at a time, until its lease is over; an answer that comes after that is not believed', async () => {
    await add();
    await desk.begun();
    await follow();
    const [mine] = await claim(await due());
    if (!mine) throw new Error('There was nothing to send');
    expect([await due(), await claim([mine])]).toEqual([[], []]);
    clock.advance(60_001);
    const [theirs] = await claim(await due());
    expect([mine.attempts, theirs?.attempts]).toEqual([1, 2]);
    const settle = (attempts: number) => {
      const outcome = { kind: 'delivered' as const, answered: 200, says: null };
      const input = { webhook_id: mine.webhook_id, id: mine.id, attempts, outcome };
      return node.bus.execute(commands.settleDelivery, of(input));
    };
    expect((await settle(1)).result).toBe(false);
    expect((await settle(2)).result).toBe(true);
    expect((await settle(2)).result).toBe(false);
  });

  test('what was refused is due again after its wait, and its webhook says what is wrong', async () => {
    const webhook_id = await add();
    await desk.begun();
    await follow();
    const [claimed] = await claim(await due());
    const outcome = { kind: 'refused' as const, answered: 500, says: 'No.', after_ms: 5_000, is_gone: false };
    const input = { webhook_id, id: claimed?.id as string, attempts: 1, outcome };
    await node.bus.execute(commands.settleDelivery, of(input));
    expect(await due()).toEqual([]);
    clock.advance(5_000);
    expect(await due([webhook_id])).toEqual([]);
    expect((await due()).length).toBe(1);
    const [webhook] = await node.bus.query(queries.listWebhooks, of({}));
    expect(webhook).toMatchObject({ problem: 'No.', failing_since: expect.any(Number), paused_at: null });
  });

  test('deliveries are listed newest first, in pages, and by what became of them', async () => {
    const webhook_id = await add();
    for (let n = 0; n < 5; n += 1) await desk.begun(`c${n}@example.org`);
    await follow();
    const list = (before: string | null, state: 'waiting' | 'failed' | null = null) =>
      node.bus.query(queries.listDeliveries, of({ webhook_id, state, before, limit: 2 }));
    const first = await list(null, 'waiting');
    const second = await list(first.next);
    const third = await list(second.next);
    const offsets = [first, second, third].flatMap(({ rows }) => rows.map(({ offset }) => offset));
    expect(offsets).toEqual([...offsets].sort((a, b) => b - a));
    expect([offsets.length, third.next]).toEqual([5, null]);
    expect((await list(null, 'failed')).rows).toEqual([]);
    await expect(list('x')).rejects.toMatchObject({ code: 'cursor.malformed' });
  });

  test('a webhook that goes takes with it what is known of it, and the last of them the place in the log', async () => {
    const webhook_id = await add();
    await desk.begun();
    await follow();
    await node.bus.execute(commands.removeWebhook, of({ webhook_id }));
    expect(await due()).toEqual([]);
    expect(await node.bus.query(queries.webhooksBehind, of({}))).toEqual({ orgs: [], isAny: false });
    await expect(node.bus.execute(commands.removeWebhook, of({ webhook_id }))).rejects.toMatchObject({
      code: 'webhook.unknown',
    });
  });

  test('one that stops hears nothing of what happened meanwhile', async () => {
    const webhook_id = await add();
    await node.bus.execute(commands.updateWebhook, of({ webhook_id, active: false }));
    await desk.begun('quiet@example.org');
    expect(await follow()).toBe(0);
    await desk.begun('late@example.org');
    await node.bus.execute(commands.updateWebhook, of({ webhook_id, active: true }));
    expect(await follow()).toBe(0);
    await desk.begun('loud@example.org');
    expect(await follow()).toBe(1);
  });

  test.each(['ftp://hook.example/', 'javascript:alert(1)', 'https://user:word@hook.example/', 'hook'])(
    'the address %s is none',
    async (url) => {
      await expect(add(url)).rejects.toMatchObject({ code: 'request.invalid' });
    },
  );
}

describe('over SQLite', () => {
  webhookContract(async () => ({ database: await openSqlite(':memory:'), close: async () => {} }));
});

const server = inject('postgresUrl');

describe.skipIf(postgresMissing(server))('over PostgreSQL', () => {
  webhookContract(async () => {
    const own = await freshPostgres(server as string);
    return { database: await openPostgres(own.url), close: async () => void (await own.drop()) };
  });
});
