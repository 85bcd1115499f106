import type { Change, MessageRow } from '@roost/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commands } from '../../domain/index.ts';
import type { Actor, Engine, LogEntry } from '../index.ts';
import { arrival } from './arrivals.ts';
import { filterContract } from './filter-contract.ts';
import { Node, system } from './node.ts';
import { storm, turn } from './storm.ts';

/** Looks at a view beside its writers; comparing each with the log costs more than looking. */
const MAX_LOOKS = 60;
/** For suites of many writers, on a machine that does other things too. */
const LONG_MS = 60_000;

/** A store, and engines over it. */
export interface Premises {
  /** A node over the store: another one, or the first again. */
  open(): Promise<Engine>;
  /** Nodes that may work on the store at the same time. */
  readonly nodeCount: number;
  /** A transaction that takes the organisation's log, writes to it, and is then undone. */
  disturb?(org: string): Promise<void>;
  close(): Promise<void>;
}

/** What every engine promises, over whatever store. */
export function engineContract(prepare: () => Promise<Premises>): void {
  let premises: Premises;
  let nodes: Node[];
  let first: Node;
  let orgs = 0;
  /** An organisation that no other test uses. */
  const fresh = () => {
    orgs += 1;
    return `org${orgs}`;
  };
  const to = (org: string, name = 'bob') => `${name}@x.${org}.test`;
  const accept = (
    node: Node,
    org: string,
    subject: string,
    id: string | null = null,
    actor: Actor = system,
  ) =>
    node.bus.execute(commands.acceptMessages, {
      org,
      actor,
      id,
      input: { arrivals: [arrival(to(org), { subject })] },
    });

  beforeAll(async () => {
    premises = await prepare();
    nodes = [];
    for (let at = 0; at < premises.nodeCount; at += 1) nodes.push(new Node(await premises.open()));
    first = nodes[0] as Node;
  });
  afterAll(async () => {
    await Promise.all(nodes.map(({ engine }) => engine.close()));
    await premises.close();
  });

  describe('the log', () => {
    test(
      'has an offset for every change, without gaps, whatever many writers do and fail to do at once',
      async () => {
        await storm({ nodes, orgs: [fresh(), fresh()], writersPerNode: 16, seed: 20_261, premises });
      },
      LONG_MS,
    );

    test('carries each entity before and after', async () => {
      const org = fresh();
      await first.found(org);
      const { offset, result } = await accept(first, org, 'one');
      const id = result[0]?.message_ids[0] as string;
      await first.bus.execute(commands.removeMessages, { org, actor: system, input: { message_ids: [id] } });
      const entries = (await first.log(org, offset - 1))?.entries as LogEntry[];
      const [put, removed] = entries.map(({ changes }) => JSON.parse(changes)[0] as Change<'message'>);
      expect(put).toMatchObject({
        kind: 'message',
        id,
        before: null,
        after: { subject: 'one', version: offset },
      });
      expect(removed).toEqual({ kind: 'message', id, before: put?.after, after: null });
      expect(entries.map((entry) => entry.offset)).toEqual([offset, offset + 1]);
    });

    test('is not extended by what changed nothing', async () => {
      const org = fresh();
      await first.found(org);
      const before = await first.log(org);
      const again = await first.bus.execute(commands.keepMailInbox, {
        org,
        actor: system,
        input: { address: `*.${org}.test` },
      });
      expect(again.offset).toBe(before?.head.offset);
      expect((await first.log(org))?.head).toEqual(before?.head);
    });

    test('is told of as it is stored, before the caller hears of it', async () => {
      const org = fresh();
      await first.found(org);
      const { offset } = await accept(first, org, 'one');
      const told = first.committed.filter((entry) => entry.org === org);
      expect(told.at(-1)?.offset).toBe(offset);
      expect(told).toEqual((await first.log(org))?.entries);
    });

    test('once trimmed still counts on, and says from where on it can be read', async () => {
      const org = fresh();
      await first.found(org);
      for (const subject of ['one', 'two', 'three']) await accept(first, org, subject, subject);
      const trim = (before: number) =>
        first.bus.execute(commands.trimLog, { org, actor: system, input: { before } });
      const whole = await first.log(org);
      expect((await trim(0)).result).toBe(false);
      expect(await first.log(org)).toEqual(whole);

      expect((await trim(Date.now() + 60_000)).result).toBe(false);
      const trimmed = await first.log(org);
      const newest = whole?.head.offset as number;
      expect(trimmed?.head).toEqual({ ...whole?.head, oldest: newest });
      expect(trimmed?.entries).toEqual(whole?.entries.slice(-1));
      const next = await accept(first, org, 'three', 'three');
      expect(next.offset, 'the answer went with the log').toBe(newest + 1);
      expect((await first.rows(org)).rows).toHaveLength(4);
    });

    test('of many entries is trimmed in steps', async () => {
      const org = fresh();
      await first.found(org);
      await Promise.all(Array.from({ length: 5_200 }, (_, at) => accept(first, org, `${at}`)));
      const trim = { org, actor: system, input: { before: Date.now() + 60_000 } };
      const more: boolean[] = [];
      do more.push((await first.bus.execute(commands.trimLog, trim)).result);
      while (more.at(-1));
      expect(more).toEqual([true, false]);
      const { head, entries } = (await first.log(org)) as { head: { oldest: number }; entries: LogEntry[] };
      expect(entries.map(({ offset }) => offset)).toEqual([head.oldest]);
    });
  });

  describe('a client id', () => {
    test('makes a write happen once on whatever nodes it arrives, at once or later', async () => {
      const org = fresh();
      await first.found(org);
      const asked = nodes.flatMap((node) => Array.from({ length: 8 }, () => accept(node, org, 'once', 'k')));
      const answers = await Promise.all(asked);
      for (const node of nodes) answers.push(await accept(node, org, 'once', 'k'));
      expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
      expect((await first.rows(org)).rows).toHaveLength(1);
    });

    test('is the caller\u2019s own, and stands for one request only', async () => {
      const org = fresh();
      const { ownerId } = await first.found(org);
      const owner: Actor = { kind: 'member', user_id: ownerId, session_id: 's' };
      const mine = await accept(first, org, 'mine', 'k', owner);
      const theirs = await accept(first, org, 'theirs', 'k');
      expect(theirs.offset).toBe(mine.offset + 1);
      await expect(accept(first, org, 'another', 'k')).rejects.toMatchObject({ code: 'request.repeated' });
    });

    test('of a request that was refused is free again', async () => {
      const org = fresh();
      await first.found(org);
      const wrong = first.bus.execute(commands.acceptMessages, {
        org,
        actor: system,
        id: 'k',
        input: { arrivals: [arrival('bob@nowhere.example')] },
      });
      await expect(wrong).rejects.toMatchObject({ code: 'address.unknown' });
      expect((await accept(first, org, 'right', 'k')).result).toHaveLength(1);
    });

    test('is known after a restart, and offsets go on', async () => {
      const org = fresh();
      await first.found(org);
      const before = await accept(first, org, 'once', 'k');
      await first.engine.close();
      first = new Node(await premises.open());
      nodes[0] = first;
      expect(await accept(first, org, 'once', 'k')).toEqual(before);
      expect((await accept(first, org, 'next')).offset).toBe(before.offset + 1);
    });
  });

  describe('a group', () => {
    test('keeps what succeeded when one of it fails, before it wrote or after', async () => {
      const org = fresh();
      await first.found(org);
      const known = (await accept(first, org, 'known')).result[0]?.message_ids[0] as string;
      const before = (await first.log(org))?.head.offset as number;
      const settled = await Promise.allSettled([
        accept(first, org, 'one'),
        first.bus.execute(commands.acceptMessages, {
          org,
          actor: system,
          input: { arrivals: [arrival('bob@nowhere.example')] },
        }),
        accept(first, org, 'two'),
        // Deletes the first and then finds that there is no second.
        first.bus.execute(commands.removeMessages, {
          org,
          actor: system,
          input: { message_ids: [known, 'missing'] },
        }),
        accept(first, org, 'three'),
      ]);
      expect(settled.map(({ status }) => status)).toEqual([
        'fulfilled',
        'rejected',
        'fulfilled',
        'rejected',
        'fulfilled',
      ]);
      const offsets = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value.offset] : []));
      expect(offsets).toEqual([before + 1, before + 2, before + 3]);
      const subjects = (await first.rows(org)).rows.map((row) => (JSON.parse(row) as MessageRow).subject);
      expect(subjects).toEqual(['three', 'two', 'one', 'known']);
    });

    test('recognises the same mail within itself, and again after it was deleted in between', async () => {
      const org = fresh();
      await first.found(org);
      const deliver = (name: string) =>
        first.bus.execute(commands.acceptMessages, {
          org,
          actor: system,
          input: { arrivals: [arrival(to(org, name), { external_id: '<m@x>' })] },
        });
      const [one, two, three] = await Promise.all([deliver('ann'), deliver('bob'), deliver('ann')]);
      expect(two.result[0]?.message_ids).toEqual(one.result[0]?.message_ids);
      expect([one, two, three].map(({ result }) => result[0]?.repeated)).toEqual([false, false, true]);
      expect((await first.rows(org, 'bob')).rows).toHaveLength(1);

      const message_ids = [...(one.result[0]?.message_ids ?? [])];
      const [, , again] = await Promise.all([
        deliver('ann'),
        first.bus.execute(commands.removeMessages, { org, actor: system, input: { message_ids } }),
        deliver('ann'),
      ]);
      expect(again.result[0]).toMatchObject({ repeated: false });
      const rows = (await first.rows(org)).rows.map((row) => (JSON.parse(row) as MessageRow).id);
      expect(rows).toEqual(again.result[0]?.message_ids);
    });

    test('in which somebody is removed refuses what they ask after it', async () => {
      const org = fresh();
      await first.found(org);
      const { result: agent } = await first.bus.execute(commands.addMember, {
        org,
        actor: system,
        input: { email: `agent@${org}.test`, name: '', role: 'agent', password_hash: null },
      });
      const actor: Actor = { kind: 'member', user_id: agent.id, session_id: 's' };
      const settled = await Promise.allSettled([
        accept(first, org, 'before', null, actor),
        first.bus.execute(commands.removeMember, { org, actor: system, input: { user_id: agent.id } }),
        accept(first, org, 'after', null, actor),
      ]);
      expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
      for (const node of nodes) {
        const refused = accept(node, org, 'later', null, actor);
        await expect(refused).rejects.toMatchObject({ code: 'access.forbidden' });
      }
    });
  });

  describe('permission', () => {
    test('is a matter of the organisation asked for', async () => {
      const [mine, other] = [fresh(), fresh()];
      const { ownerId } = await first.found(mine);
      await first.found(other);
      const owner: Actor = { kind: 'member', user_id: ownerId, session_id: 's' };
      await accept(first, mine, 'mine', null, owner);
      await expect(accept(first, other, 'theirs', null, owner)).rejects.toMatchObject({
        code: 'access.forbidden',
      });
      const query = { org: other, actor: owner, name: 'view.rows' };
      const input = { channel: 'inbox', params: {}, user_id: ownerId, before: null, limit: 10 };
      expect(await first.engine.query({ ...query, input })).toMatchObject({
        ok: false,
        code: 'access.forbidden',
      });
      await expect(accept(first, 'no-such-org', 'x')).rejects.toMatchObject({ code: 'access.forbidden' });
    });

    test('ends on every node with the entry that takes it away', async () => {
      const org = fresh();
      await first.found(org);
      for (const node of nodes) {
        const { result: member } = await first.bus.execute(commands.addMember, {
          org,
          actor: system,
          input: {
            email: `m${nodes.indexOf(node)}@${org}.test`,
            name: '',
            role: 'agent',
            password_hash: null,
          },
        });
        const actor: Actor = { kind: 'member', user_id: member.id, session_id: 's' };
        // So that the node has read the role, and might remember it.
        await accept(node, org, 'before', null, actor);
        await first.bus.execute(commands.removeMember, { org, actor: system, input: { user_id: member.id } });
        await expect(accept(node, org, 'after', null, actor)).rejects.toMatchObject({
          code: 'access.forbidden',
        });
      }
    });

    test('of a token is its scope and its owner\u2019s role', async () => {
      const org = fresh();
      const { ownerId } = await first.found(org);
      const token = (...scopes: ('read' | 'ingest' | 'admin')[]): Actor => ({
        kind: 'token',
        user_id: ownerId,
        token_id: 't',
        scopes,
      });
      await accept(first, org, 'in', null, token('ingest'));
      await expect(accept(first, org, 'in', null, token('read'))).rejects.toMatchObject({
        code: 'access.forbidden',
      });
    });

    test('to found an organisation that is there has nobody', async () => {
      const org = fresh();
      const founding = nodes.map((node) =>
        node.bus.execute(commands.foundOrganisation, {
          org,
          actor: system,
          input: { name: org, owner_email: `o@${org}.test`, owner_name: '', password_hash: null },
        }),
      );
      const settled = await Promise.allSettled(founding);
      expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const one of settled) {
        if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'access.forbidden' });
      }
      expect((await first.log(org))?.head).toMatchObject({ offset: 1, oldest: 1 });
    });

    test('refused to found leaves nothing behind', async () => {
      const org = fresh();
      const nobody: Actor = { kind: 'member', user_id: 'nobody', session_id: 's' };
      const input = { name: org, owner_email: `o@${org}.test`, owner_name: '', password_hash: null };
      const refused = first.bus.execute(commands.foundOrganisation, { org, actor: nobody, input });
      await expect(refused).rejects.toMatchObject({ code: 'access.forbidden' });
      expect(await first.log(org)).toBeNull();
      await first.found(org);
    });
  });

  describe('bad input', () => {
    test('is told by its first wrong place, and takes no offset', async () => {
      const org = fresh();
      await first.found(org);
      const before = await first.log(org);
      const call = { org, actor: system, name: 'message.accept', id: null };
      const { outcomes } = await first.engine.run([{ ...call, input: { arrivals: [{ to: 'nobody' }] } }]);
      expect(outcomes).toEqual([
        { ok: false, code: 'request.invalid', says: expect.stringContaining('arrivals.0.to') },
      ]);
      expect(await first.log(org)).toEqual(before);
    });

    test('of a name that nobody knows is a fault of ours, told as such', async () => {
      const call = { org: 'x', actor: system, name: 'no.such', input: {}, id: null };
      const { outcomes } = await first.engine.run([call]);
      expect(outcomes).toEqual([expect.objectContaining({ ok: false, code: 'server.failed' })]);
      expect(await first.engine.query(call)).toMatchObject({ ok: false, code: 'server.failed' });
    });
  });

  describe('a view', () => {
    test(
      'shows exactly what the log says up to its offset, while others write',
      async () => {
        const org = fresh();
        await first.found(org);
        let writing = true;
        const write = async (node: Node, name: string) => {
          for (let at = 0; at < 40; at += 1) {
            const { result } = await accept(node, org, `${name}${at}`);
            const message_ids = [...(result[0]?.message_ids ?? [])];
            if (at % 3 === 0)
              await node.bus.execute(commands.removeMessages, { org, actor: system, input: { message_ids } });
          }
        };
        const look = async (node: Node) => {
          const pages = [];
          for (let looks = 0; writing && looks < MAX_LOOKS; looks += 1) {
            pages.push(await node.rows(org));
            await turn();
          }
          return pages;
        };
        const looking = nodes.map(look);
        await Promise.all(nodes.flatMap((node) => [write(node, 'a'), write(node, 'b')]));
        writing = false;
        const pages = (await Promise.all(looking)).flat();
        const log = await first.log(org);
        for (const page of [...pages, await first.rows(org)]) {
          expect(page.epoch).toBe(log?.head.epoch);
          expect(page.rows.map((row) => JSON.parse(row))).toEqual(shownAt(log?.entries ?? [], page.offset));
        }
        expect(pages.length).toBeGreaterThan(nodes.length);
      },
      LONG_MS,
    );

    test('in pages shows each row once, newest first, and says when there is no more', async () => {
      const org = fresh();
      await first.found(org);
      await Promise.all(Array.from({ length: 23 }, (_, at) => accept(first, org, `${at}`)));
      for (const filter of ['', 'bob', to(org)]) {
        const rows: string[] = [];
        let before: string | null = null;
        do {
          const page = await first.rows(org, filter, before, 10);
          rows.push(...page.rows);
          before = page.next;
        } while (before !== null);
        expect(rows).toEqual((await first.rows(org)).rows);
        expect(rows).toHaveLength(23);
      }
    });
  });

  filterContract(() => first, fresh);
}

/** The messages that are there after the entries up to `offset`, newest first. */
function shownAt(entries: readonly LogEntry[], offset: number): MessageRow[] {
  const rows = new Map<string, MessageRow>();
  for (const entry of entries) {
    if (entry.offset > offset) break;
    for (const { kind, id, after } of JSON.parse(entry.changes) as Change[]) {
      if (kind !== 'message') continue;
      if (after) rows.set(id, after as MessageRow);
      else rows.delete(id);
    }
  }
  return [...rows.values()].sort((a, b) => (a.id < b.id ? 1 : -1));
}
