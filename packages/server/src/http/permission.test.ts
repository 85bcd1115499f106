import type { Role } from '@roost/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SCOPES } from '../commands/index.ts';
import { commands } from '../domain/index.ts';
import { askRoute, keyOf, type Outcome, outcomeOf, routeOf } from './testing/asking.ts';
import { anotherOrganisation, type Person, Place } from './testing/place.ts';
import { type Entry, routeTable, type Who } from './testing/route-table.ts';
import { openWorld, type World } from './testing/world.ts';

const ROLES: readonly Role[] = ['owner', 'admin', 'agent', 'viewer'];
const rolesOf: Readonly<Record<Who, readonly Role[]>> = {
  anyone: ROLES,
  holder: ROLES,
  members: ROLES,
  agents: ['owner', 'admin', 'agent'],
  admins: ['owner', 'admin'],
};

let world: World;
/** An inbox that everybody sees, one that is kept from agents, and one of another organisation. */
let here: Place;
let kept: Place;
let there: Place;
beforeAll(async () => {
  world = await openWorld();
  const owner = { org: world.org, ownerId: world.ownerId };
  here = await Place.open(world, owner, 'everyone');
  kept = await Place.open(world, owner, 'members');
  there = await Place.open(world, await anotherOrganisation(world), 'everyone');
});
afterAll(() => world.close());

/** What becomes of a request about something of `place`, and whether the answer tells of it. */
async function ask(
  key: string,
  entry: Entry,
  place: Place,
  asker: Person,
  shown: Pick<Person, 'token'> | null = asker,
): Promise<{ outcome: Outcome; tells: boolean }> {
  const route = routeOf(world, key);
  const request = await entry.ask(place, asker);
  const answer = await askRoute(world, route, request, shown);
  return { outcome: outcomeOf(answer), tells: answer.body.includes(place.marker) };
}

test('every route is in the table, and nothing else is served', () => {
  expect(Object.keys(routeTable).sort()).toEqual(world.routes.map(keyOf).sort());
  const beside = ['GET /'];
  expect(servedRoutes(world.app.printRoutes()).sort()).toEqual(
    [...world.routes.map(keyOf), ...beside].sort(),
  );
});

describe.each(Object.entries(routeTable))('%s', (key, entry) => {
  const isGuarded = entry.who !== 'anyone' && entry.who !== 'holder';

  test('without a token', async () => {
    const nobody: Person = { org: here.org, userId: here.ownerId, token: '', cookie: null };
    const { outcome } = await ask(key, entry, here, nobody, null);
    expect(outcome).toBe(entry.who === 'anyone' ? 'allowed' : 'unauthenticated');
  });

  if (isGuarded)
    test.each([
      ['an API token nobody made', `rt_${'x'.repeat(43)}`],
      ['one that is too short', 'rt_short'],
      ['nonsense', 'nonsense'],
      ['an unsigned one', 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.'],
      ['an endless one', 'x'.repeat(5000)],
    ])('with %s', async (_what, token) => {
      const { outcome } = await ask(key, entry, here, await here.person('owner'), { token });
      expect(outcome).toBe('unauthenticated');
    });

  test.each(ROLES)('as %s', async (role) => {
    const { outcome } = await ask(key, entry, here, await here.person(role));
    expect(outcome).toBe(rolesOf[entry.who].includes(role) ? 'allowed' : 'forbidden');
  });

  if (isGuarded)
    test.each(SCOPES)('with an API token for %s', async (scope) => {
      const { outcome } = await ask(key, entry, here, await here.apiToken([scope]));
      expect(outcome).toBe(entry.scope === scope ? 'allowed' : 'forbidden');
    });

  if (isGuarded)
    test('an API token may do no more than whose it is', async () => {
      const viewer = await here.apiToken(SCOPES, await here.userId('viewer'));
      const { outcome } = await ask(key, entry, here, viewer);
      const may = rolesOf[entry.who].includes('viewer') && entry.scope !== null;
      expect(outcome).toBe(may ? 'allowed' : 'forbidden');
    });

  if (isGuarded)
    test('as owner of another organisation, about something of ours', async () => {
      const { outcome, tells } = await ask(key, entry, here, await there.person('owner'));
      expect({ outcome, tells }).toEqual({
        outcome: entry.elsewhere === 'own' ? 'allowed' : 'unknown',
        tells: false,
      });
    });

  if (entry.hidden)
    test('as an agent, about something in an inbox that is kept from them', async () => {
      const { outcome, tells } = await ask(key, entry, kept, await kept.person('agent'));
      expect({ outcome, tells }).toEqual({ outcome: 'unknown', tells: false });
    });

  if (entry.hidden)
    test('as an admin, about something in an inbox that is kept from agents', async () => {
      expect((await ask(key, entry, kept, await kept.person('admin'))).outcome).toBe('allowed');
    });

  if (isGuarded && isList(key))
    test('as an agent, a list tells nothing of an inbox that is kept from them', async () => {
      const { id } = await kept.conversation();
      const answer = await askRoute(world, routeOf(world, key), {}, await kept.person('agent'));
      expect(answer.body).not.toContain(id);
      expect(answer.body).not.toContain(kept.inboxId);
      expect(answer.body).not.toContain(`"subject":"${kept.marker}"`);
    });
});

describe('a revocation holds at once', () => {
  test('a removed member is refused with the token they hold', async () => {
    const { token, userId } = await world.member('agent');
    const apiToken = await world.apiToken(['read'], userId);
    for (const held of [token, apiToken]) {
      expect((await world.ask('GET', '/api/v1/me', { token: held })).statusCode).toBe(200);
    }
    await world.bus.execute(commands.removeMember, {
      org: world.org,
      actor: { kind: 'system', name: 'test' },
      input: { user_id: userId },
    });
    for (const held of [token, apiToken]) {
      expect((await world.ask('GET', '/api/v1/me', { token: held })).json().code).toBe('token.invalid');
    }
  });
});

/** A list is asked for without naming a thing. */
function isList(key: string): boolean {
  return /^GET \/api\/v1\/[a-z-]+$/.test(key);
}

/** `METHOD /path` of each, read from the tree that fastify prints. */
function servedRoutes(tree: string): string[] {
  const path: string[] = [];
  return tree.split('\n').flatMap((line) => {
    const node = /^(.*?)[├└]── (\S*)(?: \((.+)\))?$/.exec(line);
    if (!node) return [];
    const [, indent = '', part = '', methods = ''] = node;
    path.length = indent.length / 4;
    path.push(part);
    return methods
      .split(', ')
      .filter((method) => method !== '' && method !== 'HEAD')
      .map((method) => `${method} ${path.join('')}`);
  });
}
