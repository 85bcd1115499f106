import type { LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { queries } from '../domain/index.ts';
import { failuresOf, type Route } from './route.ts';
import { askRoute, keyOf, outcomeOf } from './testing/asking.ts';
import { type Person, Place, word } from './testing/place.ts';
import { type Request, routeTable } from './testing/route-table.ts';
import { openWorld, type World } from './testing/world.ts';

let world: World;
let here: Place;
beforeAll(async () => {
  world = await openWorld();
  here = await Place.open(world, { org: world.org, ownerId: world.ownerId }, 'everyone');
});
afterAll(() => world.close());

test('every route says what it is, who may, and how it fails', () => {
  for (const route of world.routes) {
    const { summary, tag, may } = route;
    expect(summary, keyOf(route)).toMatch(/^[A-Z].*[^.]$/);
    expect(tag, keyOf(route)).not.toBe('');
    if (may !== 'anyone') expect(may.roles.length, keyOf(route)).toBeGreaterThan(0);
    expect(failuresOf(route).length, keyOf(route)).toBeGreaterThan(0);
  }
});

test('every route that could write says whether it takes an Idempotency-Key', () => {
  for (const route of world.routes) {
    const said = route.method === 'GET' ? undefined : expect.any(Boolean);
    expect({ route: keyOf(route), write: route.write }).toEqual({ route: keyOf(route), write: said });
  }
});

test('every parameter in a path is read, and none besides', () => {
  for (const route of world.routes) {
    const named = [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => name);
    const read = Object.keys((route.params as { shape?: object } | undefined)?.shape ?? {});
    expect({ route: keyOf(route), read }).toEqual({ route: keyOf(route), read: named });
  }
});

describe('the same Idempotency-Key', () => {
  const head = async () =>
    (
      await world.bus.query(queries.readHeads, {
        org: '',
        actor: { kind: 'system', name: 'test' },
        input: { orgs: [here.org] },
      })
    )[0]?.offset;

  test('on a write gets the same answer, and changes nothing', async () => {
    const writes = world.routes.filter(({ write }) => write === true);
    expect(writes.length).toBeGreaterThan(0);
    for (const route of writes) {
      const asker = await here.person('owner');
      const request = await routeTable[keyOf(route)]?.ask(here, asker);
      if (!request) throw new Error(`${keyOf(route)} is not in the table.`);
      const id = word();
      const first = await withKey(route, request, asker, id);
      expect(outcomeOf(first), keyOf(route)).toBe('allowed');
      const after = await head();
      const again = await withKey(route, request, asker, id);
      expect([again.statusCode, again.body], keyOf(route)).toEqual([first.statusCode, first.body]);
      expect(await head(), keyOf(route)).toBe(after);
    }
  });

  test('for another write is refused', async () => {
    const asker = await here.person('owner');
    const id = word();
    const label = (name: string) => ({ params: { id: name }, body: { color: '#00ff00' } });
    const keep = world.routes.find((one) => keyOf(one) === 'PUT /api/v1/labels/:id') as Route;
    expect((await withKey(keep, label(word()), asker, id)).statusCode).toBe(200);
    expect((await withKey(keep, label(word()), asker, id)).json().code).toBe('request.repeated');
  });

  test('of somebody else is another key', async () => {
    const id = word();
    const keep = world.routes.find((one) => keyOf(one) === 'PUT /api/v1/labels/:id') as Route;
    for (const asker of [await here.person('owner'), await here.person('agent')]) {
      const answer = await withKey(keep, { params: { id: word() }, body: {} }, asker, id);
      expect(answer.statusCode).toBe(200);
    }
  });

  test('is never empty, and never endless', async () => {
    const asker = await here.person('owner');
    const keep = world.routes.find((one) => keyOf(one) === 'PUT /api/v1/labels/:id') as Route;
    for (const id of ['', 'k'.repeat(201)]) {
      const answer = await withKey(keep, { params: { id: word() }, body: {} }, asker, id);
      expect(answer.json().code).toBe('request.invalid');
    }
  });

  function withKey(
    route: Route,
    request: Request,
    asker: Person,
    id: string,
  ): Promise<LightMyRequestResponse> {
    const headers = { ...request.headers, 'idempotency-key': id };
    return askRoute(world, route, { ...request, headers }, asker);
  }
});
