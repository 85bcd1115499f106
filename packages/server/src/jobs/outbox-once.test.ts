import fc from 'fast-check';
import { expect, inject, test } from 'vitest';
import { systemClock, systemRandom } from '../clock.ts';
import { StoreEngine } from '../commands/index.ts';
import { ManualClock } from '../commands/testing/manual-clock.ts';
import { Node } from '../commands/testing/node.ts';
import { registry } from '../domain/index.ts';
import { Correspondence } from '../domain/outbox/testing/correspondence.ts';
import { openPostgres } from '../store/postgres/postgres.ts';
import { openSqlite } from '../store/sqlite/sqlite.ts';
import { freshPostgres, postgresMissing } from '../store/testing/postgres.ts';
import { Outbox } from './outbox.ts';
import { type Mood, Provider } from './testing/provider.ts';
import { type Deed, LONG_MS, SendingWorld } from './testing/sending-world.ts';

const TEST_MS = 120_000;
const RUNS_COUNT = 40;

/** What leaves a process in the middle of an attempt comes often: that is where a message could go out twice. */
const MOODS: Mood[] = [
  'takes',
  'takes',
  'takes and says nothing',
  'takes and says nothing',
  'refuses',
  'busy',
  'hears nothing',
  'breaks',
];
const kind = <K extends Deed['kind']>(...kinds: K[]) => fc.constantFrom(...kinds);
const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: kind('say'), which: fc.nat(2) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: kind('mood'),
      mood: fc.constantFrom(...MOODS),
      pace: fc.constantFrom(0, 500, 30_000, 90_000),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ kind: kind('pass'), ms: fc.constantFrom(500, 1_000, 8_000, LONG_MS) }),
  },
  { weight: 4, arbitrary: fc.record({ kind: kind('die', 'restart', 'restart'), which: fc.nat(1) }) },
  { weight: 4, arbitrary: fc.record({ kind: kind('send again', 'mark sent', 'cancel'), which: fc.nat(9) }) },
);

test(
  'whatever dies, hangs or is decided: no message goes out more often than it was asked for, none before an older one',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { minLength: 10, maxLength: 40 }), async (deeds) => {
        const clock = new ManualClock();
        const database = await openSqlite(':memory:');
        const engine = () => new StoreEngine(database, registry, clock, Math.random);
        const world = new SendingWorld(clock, [engine(), engine()]);
        try {
          await world.begin('a', 3);
          for (const one of deeds) await world.do(one);
          await world.heal();
        } finally {
          await world.end();
          await database.close();
        }
      }),
      { numRuns: RUNS_COUNT },
    );
  },
  TEST_MS,
);

const server = inject('postgresUrl');

test.skipIf(postgresMissing(server))(
  'three nodes over PostgreSQL hand over each message once, and those of a conversation in their order',
  async () => {
    const own = await freshPostgres(server as string);
    const nodes: Node[] = [];
    for (let at = 0; at < 3; at += 1)
      nodes.push(new Node(new StoreEngine(await openPostgres(own.url), registry, systemClock, systemRandom)));
    const provider = new Provider(systemClock);
    provider.pace = () => Math.floor(Math.random() * 5);
    const log = { warn() {}, error() {} };
    const outboxes = nodes.map(
      ({ bus }) => new Outbox({ bus, routes: [provider.route()], log }, systemClock, systemRandom, false),
    );
    try {
      const desk = await Correspondence.begin((nodes[0] as Node).bus, 'a');
      const written = new Map<string, string[]>();
      for (let at = 0; at < 10; at += 1) written.set(await desk.begun(`p${at}@example.org`), []);
      for (let round = 0; round < 8; round += 1) {
        await Promise.all(
          [...written].map(async ([conversation, ids]) => {
            const before = nodes.map(({ committed }) => committed.length);
            ids.push(await desk.answer(conversation, `${round}`));
            outboxes.forEach((outbox, at) => {
              outbox.hear((nodes[at] as Node).committed.slice(before[at]));
            });
          }),
        );
      }
      await expect.poll(() => provider.taken.length, { timeout: 30_000 }).toBe(80);
      await Promise.all(outboxes.map((outbox) => outbox.stop()));
      expect(new Set(provider.taken).size).toBe(80);
      for (const ids of written.values())
        expect(provider.taken.filter((id) => ids.includes(id))).toEqual(ids);
      for (const id of provider.taken) expect(await desk.statusOf(id)).toBe('sent');
    } finally {
      await Promise.all(nodes.map(({ engine }) => engine.close()));
      await own.drop();
    }
  },
  TEST_MS,
);
