import type { MailboxRow, MessageRow } from '@roost/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { arrival } from '../commands/testing/arrivals.ts';
import { commands, queries } from '../domain/index.ts';
import { ArchiveWorld, org } from './testing/archive-world.ts';

const system = { kind: 'system', name: 'test' } as const;
const DAY_MS = 24 * 3_600_000;

let world: ArchiveWorld;
beforeEach(async () => {
  world = await ArchiveWorld.open();
});
afterEach(async () => {
  await world.close();
  expect(world.unexpected).toEqual([]);
  expect(world.troubles).toEqual([]);
});

async function deliver(count: number, subject: string, to = 'bob@qa.test'): Promise<string[]> {
  const arrivals = Array.from({ length: count }, () => arrival(to, { subject, size_bytes: 7 }));
  const { result } = await world.bus.execute(commands.acceptMessages, {
    org,
    actor: system,
    input: { arrivals },
  });
  return result.flatMap(({ message_ids }) => message_ids);
}

const keep = (mail_days: number | null, quarantine_days: number | null = null) =>
  world.bus.execute(commands.keepRetention, { org, actor: system, input: { mail_days, quarantine_days } });

/** What a look at the clock begins, and a server then does; time goes on for whoever rests. */
async function purge(): Promise<void> {
  const retention = world.retention();
  await retention.run();
  await retention.stop();
  await finish(world.server().run());
}

async function finish(running: Promise<void>): Promise<void> {
  let isOver = false;
  const over = running.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    await new Promise(setImmediate);
    world.clock.advance(5);
  }
  await over;
}

const subjects = async (channel: string) =>
  (await world.rows<MessageRow>(channel)).map(({ subject }) => subject).sort();

test('what is older than its organisation keeps goes, and nothing younger, with exact counters', async () => {
  await deliver(450, 'old');
  world.clock.advance(29 * DAY_MS);
  await deliver(3, 'young');
  await purge();
  expect((await subjects('inbox')).length).toBe(453);
  await keep(30);
  world.clock.advance(2 * DAY_MS);
  await purge();
  expect(await subjects('inbox')).toEqual(['young', 'young', 'young']);
  expect(await world.mailbox('INBOX')).toMatchObject({ total: 3, unseen: 3, size_bytes: 21 });
  const [job] = await world.rows<{ kind: string }>('jobs');
  expect(job).toMatchObject({ kind: 'purge', state: 'done', done: 450, total: 450, user_id: null });
});

test('a mailbox and an inbox have their own days before those of the organisation', async () => {
  const [inMailbox] = await deliver(1, 'in the archive');
  await deliver(1, 'in the inbox');
  const archive = await world.mailbox('Archive');
  await world.bus.execute(commands.changeMail, {
    org,
    actor: system,
    input: { message_ids: [inMailbox as string], change: { mailbox_id: archive.id } },
  });
  const other = await world.inbox('other.example');
  await deliver(1, 'elsewhere', 'x@other.example');
  await keep(10);
  const set = (input: object) =>
    world.bus.execute(commands.updateSettings, { org, actor: system, input: input as never });
  await set({ inbox_id: world.inboxId, retention_days: 20, mailbox_retention_days: { [archive.id]: 40 } });
  world.clock.advance(15 * DAY_MS);
  await purge();
  expect(await subjects('inbox')).toEqual(['in the archive', 'in the inbox']);
  world.clock.advance(10 * DAY_MS);
  await purge();
  expect(await subjects('inbox')).toEqual(['in the archive']);
  expect((await world.rows<MailboxRow>(`mailboxes:${other}`)).every(({ total }) => total === 0)).toBe(true);
  world.clock.advance(20 * DAY_MS);
  await purge();
  expect(await subjects('inbox')).toEqual([]);
});

test('quarantine has days of its own, by domain and else by organisation', async () => {
  const ids = [...(await deliver(2, 'a', 'x@a.test')), ...(await deliver(2, 'b', 'x@b.test'))];
  await world.bus.execute(commands.quarantineMail, { org, actor: system, input: { message_ids: ids } });
  await keep(null, 30);
  const policy = { domain: 'b.test', quarantine_days: 5 };
  await world.bus.execute(commands.keepPolicy, { org, actor: system, input: policy });
  world.clock.advance(6 * DAY_MS);
  await purge();
  expect(await subjects('quarantine')).toEqual(['a', 'a']);
  world.clock.advance(25 * DAY_MS);
  await purge();
  expect(await subjects('quarantine')).toEqual([]);
});

test('while mail arrives, all that is old goes and nothing that is young', async () => {
  await deliver(400, 'old');
  world.clock.advance(31 * DAY_MS);
  await keep(30);
  const retention = world.retention();
  await retention.run();
  await retention.stop();
  let isOver = false;
  const purging = world
    .server()
    .run()
    .finally(() => {
      isOver = true;
    });
  let arrived = 0;
  while (!isOver) {
    arrived += (await deliver(1, 'young')).length;
    world.clock.advance(5);
  }
  await purging;
  expect(arrived).toBeGreaterThan(5);
  const left = await subjects('inbox');
  expect(left.filter((subject) => subject === 'old')).toEqual([]);
  expect(left).toHaveLength(arrived);
  expect(await world.mailbox('INBOX')).toMatchObject({ total: arrived, size_bytes: 7 * arrived });
});

test('a server that dies in the middle leaves the rest to the next, and every mail is counted once', async () => {
  await deliver(300, 'old');
  world.clock.advance(31 * DAY_MS);
  await keep(30);
  const retention = world.retention();
  await retention.run();
  await retention.stop();
  const input = { now: world.clock.now() };
  const [due] = await world.bus.query(queries.dueJobs, { org: '', actor: system, input });
  const held = { job_id: due?.id as string, holder: 'dead' };
  await world.bus.execute(commands.claimJob, { org, actor: system, input: { ...held, lease_ms: 1_000 } });
  const { scopes } = await world.bus.query(queries.planPurge, { org, actor: system, input });
  const scope = scopes[0] as (typeof scopes)[number];
  const { result } = await world.bus.execute(commands.purgeMail, {
    org,
    actor: system,
    input: { ...held, scope, limit: 120, total: 300 },
  });
  expect(result).toMatchObject({ isHeld: true, removed: 120 });
  // Nobody takes it while its lease lasts.
  const server = world.server();
  await finish(server.run());
  expect(await world.job(held.job_id)).toMatchObject({ state: 'running' });
  world.clock.advance(1_000);
  await finish(server.run());
  expect(await world.job(held.job_id)).toMatchObject({ state: 'done', done: 300, total: 300 });
  expect(await subjects('inbox')).toEqual([]);
  // And the dead one, should it wake up, does nothing any more.
  const late = await world.bus.execute(commands.purgeMail, {
    org,
    actor: system,
    input: { ...held, scope, limit: 5, total: 300 },
  });
  expect(late.result).toEqual({ isHeld: false, removed: 0, next: null });
});

test('what goes is a deletion for every reader, and its blobs are nobody’s any more', async () => {
  const digest = await world.blobs.put(Buffer.from('a mail'));
  const input = { arrivals: [arrival('bob@qa.test', { source: digest })] };
  const { result } = await world.bus.execute(commands.acceptMessages, { org, actor: system, input });
  const [id] = result[0]?.message_ids ?? [];
  world.clock.advance(31 * DAY_MS);
  await keep(30);
  await purge();
  const log = await world.bus.query(queries.readLog, {
    org,
    actor: system,
    input: { after: 0, limit: 1_000 },
  });
  const changes = (log?.entries ?? []).flatMap(
    (entry) => JSON.parse(entry.changes) as { kind: string; id: string; after: unknown }[],
  );
  expect(changes).toContainEqual(expect.objectContaining({ kind: 'message', id, after: null }));
  const asked = { org: '', actor: system, input: { digests: [digest] } };
  expect(await world.bus.query(queries.referencedBlobs, asked)).toEqual([]);
});

test('records of long ago go as well', async () => {
  await world.bus.execute(commands.keepPolicy, {
    org,
    actor: system,
    input: { domain: 'gone.test', mode: 'PAUSED' },
  });
  await world.bus.execute(commands.keepPolicy, {
    org,
    actor: system,
    input: { domain: 'gone.test', default_action: 'DROP' },
  });
  await keep(30);
  world.clock.advance(11 * DAY_MS);
  const retention = world.retention();
  await retention.run();
  const owner = { kind: 'member', user_id: world.ownerId, session_id: '' } as const;
  const { rows } = await world.bus.query(queries.listAudit, {
    org,
    actor: owner,
    input: { before: null, limit: 50 },
  });
  expect(rows).toEqual([]);
  await retention.stop();
});
