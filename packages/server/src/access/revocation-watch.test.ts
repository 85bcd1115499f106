import { beforeEach, expect, test } from 'vitest';
import { ManualClock } from '../commands/testing/manual-clock.ts';
import type { Head } from '../domain/index.ts';
import { RevocationWatch } from './revocation-watch.ts';

let clock: ManualClock;
let heads: Map<string, Head>;
let asked: string[][];
let forgotten: string[];
let kept: string[];
let followed: Set<string>;
let troubles: unknown[];
let watch: RevocationWatch;
beforeEach(() => {
  clock = new ManualClock();
  heads = new Map(['a', 'b'].map((org) => [org, { org, epoch: 'e1', offset: 1, oldest: 1 }]));
  [asked, forgotten, kept, followed, troubles] = [[], [], ['a', 'b'], new Set(), []];
  watch = new RevocationWatch(
    {
      access: {
        forgetOrg: (org) => void forgotten.push(org),
        get keptOrgs() {
          return kept;
        },
      },
      heads: async (orgs) => {
        asked.push([...orgs]);
        return orgs.flatMap((org) => heads.get(org) ?? []);
      },
      isFollowed: (org) => followed.has(org),
      onTrouble: (error) => void troubles.push(error),
    },
    clock,
  );
});

const move = (org: string, change: Partial<Head>) =>
  heads.set(org, { ...(heads.get(org) as Head), ...change });
const look = async () => {
  forgotten.length = 0;
  clock.advance(500);
  await new Promise(setImmediate);
  return forgotten;
};

test('what was kept before the first look is asked about again, and then only once something moved', async () => {
  expect(await look()).toEqual(['a', 'b']);
  expect(await look()).toEqual([]);
  move('b', { offset: 2 });
  expect(await look()).toEqual(['b']);
  move('a', { epoch: 'e2' });
  expect(await look()).toEqual(['a']);
  heads.delete('a');
  expect(await look()).toEqual(['a']);
});

test('organisations whose log is followed, and those of nobody kept, are not looked at', async () => {
  followed.add('a');
  await look();
  expect(asked).toEqual([['b']]);
  kept = [];
  await look();
  expect(asked).toHaveLength(1);
  followed.clear();
  kept = ['a'];
  expect(await look()).toEqual(['a']);
});

test('a store that does not answer is told of, and looked at again', async () => {
  await look();
  const answer = heads.get.bind(heads);
  heads.get = () => {
    throw new Error('away');
  };
  await look();
  expect(troubles).toHaveLength(1);
  heads.get = answer;
  move('a', { offset: 5 });
  expect(await look()).toEqual(['a']);
  watch.stop();
  move('a', { offset: 6 });
  expect(await look()).toEqual([]);
});
