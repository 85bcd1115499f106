import type { Change } from '@roost/protocol';
import { expect } from 'vitest';
import { commands, queries } from '../../domain/index.ts';
import type { LogEntry } from '../index.ts';
import { arrival } from './arrivals.ts';
import { type Node, system } from './node.ts';

export interface Storm {
  readonly nodes: readonly Node[];
  readonly orgs: readonly string[];
  readonly writersPerNode: number;
  readonly seed: number;
  readonly premises: { disturb?(org: string): Promise<void> };
}

const STEPS_PER_WRITER = 6;

/**
 * Many writers on every node, some of whose commands fail in every way there is, beside transactions that are undone
 * and readers that follow the log. Afterwards nothing may be missing, doubled, or seen out of turn.
 */
export async function storm({ nodes, orgs, writersPerNode, seed, premises }: Storm): Promise<void> {
  const [first] = nodes as [Node];
  for (const org of orgs) await first.found(org);
  let raging = true;
  const random = seededRandom(seed);

  const tails = orgs.flatMap((org) => nodes.map((node) => follow(node, org, () => raging)));
  const disturbing = orgs.map(async (org) => {
    while (raging && premises.disturb) await premises.disturb(org);
  });
  const written = await Promise.all(
    orgs.flatMap((org) =>
      nodes.flatMap((node) =>
        Array.from({ length: writersPerNode }, (_, writer) => write(node, org, `${seed}-${writer}`, random)),
      ),
    ),
  );
  raging = false;
  await Promise.all(disturbing);
  const seen = await Promise.all(tails);

  for (const org of orgs) {
    const log = await first.log(org);
    const entries = log?.entries ?? [];
    const offsets = entries.map(({ offset }) => offset);
    expect(offsets, 'offsets without gaps, in order').toEqual(offsets.map((_, at) => at + 1));
    expect(log?.head.offset, 'the head is the last entry').toBe(offsets.at(-1));
    for (const tail of seen.filter((one) => one.org === org)) {
      // What was read while others wrote is what there is now: nothing appeared behind the reader.
      expect(tail.entries).toEqual(entries.slice(0, tail.entries.length));
      expect(tail.entries.length, 'the reader came to the end').toBe(entries.length);
    }
    const told = nodes.flatMap(({ committed }) => committed.filter((entry) => entry.org === org));
    expect(
      told.sort((a, b) => a.offset - b.offset),
      'each entry is told on one node, once',
    ).toEqual(entries);

    const put = new Map<string, number>();
    for (const entry of entries) {
      for (const { kind, id, before } of JSON.parse(entry.changes) as Change[]) {
        if (kind === 'message' && before === null) {
          expect(put.has(id), `message ${id} put twice`).toBe(false);
          put.set(id, entry.offset);
        }
      }
    }
    const answered = written.flat().filter((one) => one.org === org);
    for (const { offset, ids } of answered) for (const id of ids) expect(put.get(id)).toBe(offset);
    expect(put.size, 'every message belongs to an answer').toBe(
      new Set(answered.flatMap(({ ids }) => ids)).size,
    );
  }
  // Only the command that is meant to fail half-way may have surprised anybody.
  expect(nodes.flatMap(({ unexpected }) => unexpected)).toEqual([]);
}

interface Written {
  readonly org: string;
  readonly offset: number;
  readonly ids: readonly string[];
}

async function write(node: Node, org: string, writer: string, random: () => number): Promise<Written[]> {
  const answered: Written[] = [];
  const address = `bob@x.${org}.test`;
  const accept = async (subjects: readonly string[], id: string | null = null) => {
    const arrivals = subjects.map((subject) => arrival(address, { subject }));
    const { offset, result } = await node.bus.execute(commands.acceptMessages, {
      org,
      actor: system,
      id,
      input: { arrivals },
    });
    answered.push({ org, offset, ids: result.flatMap(({ message_ids }) => [...message_ids]) });
  };
  const refused = async (call: Promise<unknown>, code: string) => {
    await expect(call).rejects.toMatchObject({ code });
  };
  const steps = [
    (name: string) => accept([name]),
    (name: string) => accept([`${name}a`, `${name}b`, `${name}c`]),
    // The same id from the same writer of every node: one of them wins, all are answered.
    (name: string) => accept([name], name),
    () =>
      refused(
        node.bus.execute(commands.acceptMessages, {
          org,
          actor: system,
          input: { arrivals: [arrival(address), arrival('bob@nowhere.example')] },
        }),
        'address.unknown',
      ),
    async () => {
      const known = answered.at(-1)?.ids[0];
      const message_ids = known ? [known, 'missing'] : ['missing'];
      // Deletes a message, fails, and has everything before it in the group done again.
      await refused(
        node.bus.execute(commands.removeMessages, { org, actor: system, input: { message_ids } }),
        'message.unknown',
      );
    },
    () =>
      refused(
        node.bus.execute(commands.markRead, {
          org,
          actor: { kind: 'member', user_id: 'stranger', session_id: 's' },
          input: { user_id: 'stranger', up_to: 1 },
        }),
        'access.forbidden',
      ),
    async (name: string) => {
      await node.bus.execute(commands.keepSetting, { org, actor: system, input: { name, value: name } });
    },
  ];
  for (let at = 0; at < STEPS_PER_WRITER; at += 1) {
    const step = steps[Math.floor(random() * steps.length)] as (typeof steps)[number];
    await step(`${org}-${writer}-${at}`);
  }
  return answered;
}

/** Reads the log as it grows, in small bites. Each bite must continue the last. */
async function follow(node: Node, org: string, isRaging: () => boolean) {
  const entries: LogEntry[] = [];
  for (let last = false; ; ) {
    await turn();
    const after = entries.length;
    const read = await node.bus.query(queries.readLog, { org, actor: system, input: { after, limit: 7 } });
    for (const entry of read?.entries ?? []) {
      expect(entry.offset, 'a reader may not skip an offset').toBe(entries.length + 1);
      entries.push(entry);
    }
    const atHead = entries.length === read?.head.offset;
    if (last && atHead) return { org, entries };
    // One more look after the last writer has been answered.
    last = !isRaging();
  }
}

/** A store on this very thread answers without one, and would keep everybody else from theirs. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Mulberry32: the same numbers for the same seed. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
