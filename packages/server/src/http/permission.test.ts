import type { Role } from '@roost/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Scope } from '../commands/index.ts';
import { commands } from '../domain/index.ts';
import { openWorld, type World } from './testing/world.ts';

/** Every route that asks who is there, with who may. Each request is one that changes nothing when refused. */
const routes: readonly {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly roles: readonly Role[];
  /** The scope an API token needs; null where tokens may not at all. */
  readonly scope: Scope | null;
}[] = [
  { method: 'GET', url: '/api/v1/me', roles: ['owner', 'admin', 'agent', 'viewer'], scope: 'read' },
  {
    method: 'POST',
    url: '/api/v1/me/read',
    body: { up_to: 0 },
    roles: ['owner', 'admin', 'agent', 'viewer'],
    scope: 'read',
  },
  {
    method: 'POST',
    url: '/api/v1/me/password',
    body: { password: 'a perfectly fine one' },
    roles: ['owner', 'admin', 'agent', 'viewer'],
    scope: null,
  },
  { method: 'GET', url: '/api/v1/inbox', roles: ['owner', 'admin', 'agent', 'viewer'], scope: 'read' },
  {
    method: 'GET',
    url: '/api/v1/inbox?since=e0.0',
    roles: ['owner', 'admin', 'agent', 'viewer'],
    scope: 'read',
  },
  { method: 'GET', url: '/api/v1/messages/x', roles: ['owner', 'admin', 'agent', 'viewer'], scope: 'read' },
  {
    method: 'GET',
    url: '/api/v1/messages/x/source',
    roles: ['owner', 'admin', 'agent', 'viewer'],
    scope: 'read',
  },
  {
    method: 'GET',
    url: '/api/v1/messages/x/attachments/0',
    roles: ['owner', 'admin', 'agent', 'viewer'],
    scope: 'read',
  },
  { method: 'DELETE', url: '/api/v1/messages/x', roles: ['owner', 'admin', 'agent'], scope: 'admin' },
  {
    method: 'POST',
    url: '/api/v1/ingest/messages',
    body: { to: 'bob@qa.test', from: 'app@example.org' },
    roles: ['owner', 'admin', 'agent'],
    scope: 'ingest',
  },
  {
    method: 'POST',
    url: '/api/v1/ingest/mail?to=bob@qa.test',
    body: 'Subject: x\r\n\r\n',
    headers: { 'content-type': 'message/rfc822' },
    roles: ['owner', 'admin', 'agent'],
    scope: 'ingest',
  },
];
const open = ['/api/v1/server', '/healthz', '/readyz', '/metrics', '/'];
/** They ask for a cookie instead; the tests of sessions cover them. */
const byCookie = ['POST /api/v1/sessions', 'POST /api/v1/sessions/refresh', 'DELETE /api/v1/sessions'];

const ROLES: readonly Role[] = ['owner', 'admin', 'agent', 'viewer'];
const SCOPES: readonly Scope[] = ['read', 'ingest', 'admin'];
const REFUSED = ['token.missing', 'token.invalid', 'access.forbidden'];

let world: World;
const people = new Map<Role, string>();
const tokens = new Map<Scope, string>();
beforeAll(async () => {
  world = await openWorld();
  for (const role of ROLES) people.set(role, (await world.member(role)).token);
  for (const scope of SCOPES) tokens.set(scope, await world.apiToken([scope]));
});
afterAll(() => world.close());

async function codeOf(route: (typeof routes)[number], token: string | undefined): Promise<string | null> {
  const answer = await world.ask(route.method, route.url, {
    token,
    ...(route.body === undefined ? {} : { body: route.body }),
    ...(route.headers ? { headers: route.headers } : {}),
  });
  const code = answer.statusCode >= 400 ? (answer.json().code as string) : null;
  return code !== null && REFUSED.includes(code) ? code : null;
}

test('every route is in this table', () => {
  const served = servedRoutes(world.app.printRoutes());
  const known = [
    ...routes.map(({ method, url }) => `${method} ${url.split('?')[0]}`),
    ...open.map((path) => `GET ${path}`),
    ...byCookie,
  ].map((route) =>
    route.replace('/messages/x', '/messages/:id').replace('attachments/0', 'attachments/:index'),
  );
  expect(served.sort()).toEqual([...new Set(known)].sort());
});

describe.each(routes)('$method $url', (route) => {
  test('asks for a token', async () => {
    expect(await codeOf(route, undefined)).toBe('token.missing');
  });

  test.each([
    ['an API token nobody made', `rt_${'x'.repeat(43)}`],
    ['one that is too short', 'rt_short'],
    ['nonsense', 'nonsense'],
    ['an unsigned one', 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.'],
    ['an endless one', 'x'.repeat(5000)],
  ])('refuses %s', async (_what, token) => {
    expect(await codeOf(route, token)).toBe('token.invalid');
  });

  test.each(ROLES)('as %s', async (role) => {
    expect(await codeOf(route, people.get(role))).toBe(
      route.roles.includes(role) ? null : 'access.forbidden',
    );
  });

  test.each(SCOPES)('with a token for %s', async (scope) => {
    expect(await codeOf(route, tokens.get(scope))).toBe(route.scope === scope ? null : 'access.forbidden');
  });

  test('a token may do no more than whose it is', async () => {
    const viewer = await world.member('viewer');
    const token = await world.apiToken(['read', 'ingest', 'admin'], viewer.userId);
    const may = route.roles.includes('viewer') && route.scope !== null;
    expect(await codeOf(route, token)).toBe(may ? null : 'access.forbidden');
  });
});

test.each(open)('%s is open to everybody', async (url) => {
  expect((await world.ask('GET', url)).statusCode).toBe(200);
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
