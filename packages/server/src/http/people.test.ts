import { SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createOrganisation, createSignInLink } from '../access/index.ts';
import { systemSecrets } from '../clock.ts';
import { queries } from '../domain/index.ts';
import { OWNER, openWorld, TRUSTED_HOST, type World } from './testing/world.ts';

const system = { kind: 'system', name: 'test' } as const;
const PASSWORD = 'another long password';
const SESSIONS = '/api/v1/sessions';

let world: World;
let token: string;
let cookie: string;
beforeEach(async () => {
  world = await openWorld();
  ({ token, cookie } = await world.signIn());
});
afterEach(() => world.close());

type Answer = Awaited<ReturnType<World['ask']>>;
const codeOf = (answer: Answer) => answer.json().code as string;
const cookieOf = (answer: Answer) => String(answer.headers['set-cookie']).split(';')[0] as string;
const get = (url: string, as: string = token) => world.ask('GET', url, { token: as });
const isIn = async (as: string) => (await get('/api/v1/me', as)).statusCode === 200;
const refresh = (key: string) => world.ask('POST', `${SESSIONS}/refresh`, { headers: { cookie: key } });

describe('the key that refreshes', () => {
  test('is another one after every renewal, and the one before still works for a moment', async () => {
    const first = await refresh(cookie);
    expect(cookieOf(first)).not.toBe(cookie);
    const lost = await refresh(cookie);
    expect(cookieOf(lost)).toBe(cookieOf(first));
    const second = await refresh(cookieOf(first));
    expect(second.statusCode).toBe(200);
  });

  test('copied and used later ends the session for both, and the audit tells', async () => {
    const stolen = cookie;
    const mine = cookieOf(await refresh(cookie));
    const { access_token } = (await refresh(mine)).json();
    world.clock.time += 60_000;
    const replay = await refresh(stolen);
    expect([replay.statusCode, replay.json().detail]).toEqual([
      401,
      'This session was used in two places and has been ended; sign in again.',
    ]);
    expect(await isIn(access_token)).toBe(false);
    expect(codeOf(await refresh(mine))).toBe('token.invalid');
    const { rows } = (await get('/api/v1/audit?command=session.', (await world.signIn()).token)).json();
    expect(rows[0].says).toContain('used again, from 192.0.2.1');
  });

  test('made up for a session whose id is known ends nothing', async () => {
    const { rows } = (await get('/api/v1/me/sessions')).json();
    for (const generation of ['0', '5', 'zz'])
      await refresh(`roost_session=${rows[0].id}.${generation}.${'x'.repeat(43)}`);
    expect(await isIn(token)).toBe(true);
    expect((await refresh(cookie)).statusCode).toBe(200);
  });
});

describe('own sessions', () => {
  test('are listed with where they came from, and end one by one or all others', async () => {
    const phone = await world.ask('POST', SESSIONS, {
      body: OWNER,
      headers: { 'user-agent': `Phone ${'x'.repeat(500)}` },
      from: '198.51.100.7',
    });
    const other = phone.json().access_token;
    world.clock.time += 1_000;
    const third = await world.signIn();
    const { rows } = (await get('/api/v1/me/sessions')).json();
    expect(rows).toHaveLength(3);
    expect(rows.find(({ ip }: { ip: string }) => ip === '198.51.100.7')).toMatchObject({
      kind: 'password',
      org_id: world.org,
      is_current: false,
      created_at: '2026-01-01T00:00:00.000Z',
      user_agent: expect.stringMatching(/^Phone x{194}$/),
    });
    const id = rows.find(({ ip }: { ip: string }) => ip === '198.51.100.7').id;
    expect((await world.ask('DELETE', `/api/v1/me/sessions/${id}`, { token })).statusCode).toBe(204);
    expect([await isIn(other), await isIn(token), await isIn(third.token)]).toEqual([false, true, true]);
    expect(codeOf(await world.ask('DELETE', `/api/v1/me/sessions/${id}`, { token }))).toBe('session.unknown');
    const ended = await world.ask('DELETE', '/api/v1/me/sessions', { token });
    expect(ended.json()).toEqual({ ended: 1 });
    expect([await isIn(token), await isIn(third.token)]).toEqual([true, false]);
  });

  test('of somebody else are not there', async () => {
    const agent = await world.member('agent');
    const { rows } = (await get('/api/v1/me/sessions', agent.token)).json();
    expect(codeOf(await world.ask('DELETE', `/api/v1/me/sessions/${rows[0].id}`, { token }))).toBe(
      'session.unknown',
    );
    expect(await isIn(agent.token)).toBe(true);
  });

  test('but the one that asks end with a new password, in every organisation', async () => {
    await createOrganisation(world.bus, {
      id: 'acme',
      name: 'Acme',
      owner_email: OWNER.email,
      owner_name: '',
      mail_domains: [],
    });
    const there = await world.ask('POST', SESSIONS, { body: { ...OWNER, org_id: 'acme' } });
    const other = await world.signIn();
    const body = { password: PASSWORD, current_password: OWNER.password };
    expect((await world.ask('POST', '/api/v1/me/password', { token, body })).statusCode).toBe(204);
    expect([await isIn(token), await isIn(other.token), await isIn(there.json().access_token)]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('several organisations', () => {
  beforeEach(() =>
    createOrganisation(world.bus, {
      id: 'acme',
      name: 'Acme',
      owner_email: OWNER.email,
      owner_name: '',
      mail_domains: ['acme.example'],
    }),
  );

  test('a person signs in to the one named, or to the oldest, and to none they are not in', async () => {
    world.clock.time += 1;
    const signIn = (org_id?: string) => world.ask('POST', SESSIONS, { body: { ...OWNER, org_id } });
    expect((await signIn('acme')).json().org_id).toBe('acme');
    expect([world.org, 'acme']).toContain((await signIn()).json().org_id);
    expect(codeOf(await signIn('other'))).toBe('access.forbidden');
    const wrong = await world.ask('POST', SESSIONS, { body: { ...OWNER, password: 'x', org_id: 'acme' } });
    expect(codeOf(wrong)).toBe('credentials.wrong');
  });

  test('are told, and gone over to; the session before ends', async () => {
    const { rows } = (await get('/api/v1/me/organisations')).json();
    expect(
      rows.map(({ id, role, is_current }: Record<string, unknown>) => [id, role, is_current]).sort(),
    ).toEqual([
      ['acme', 'owner', false],
      [world.org, 'owner', true],
    ]);
    const switched = await world.ask('POST', `${SESSIONS}/switch`, { token, body: { org_id: 'acme' } });
    expect(switched.json().org_id).toBe('acme');
    expect(await isIn(token)).toBe(false);
    expect((await refresh(cookieOf(switched))).json().org_id).toBe('acme');
    const agent = await world.member('agent');
    const refused = await world.ask('POST', `${SESSIONS}/switch`, {
      token: agent.token,
      body: { org_id: 'acme' },
    });
    expect(codeOf(refused)).toBe('access.forbidden');
  });

  test('[A2] see nothing of one another', async () => {
    const id = await world.deliver();
    const there = (await world.ask('POST', SESSIONS, { body: { ...OWNER, org_id: 'acme' } })).json()
      .access_token;
    const agent = await world.member('agent');
    expect(codeOf(await get(`/api/v1/messages/${id}`, there))).toBe('message.unknown');
    expect((await get('/api/v1/inbox', there)).json().rows).toEqual([]);
    expect((await get('/api/v1/tokens', there)).json().rows).toEqual([]);
    expect((await get('/api/v1/members', there)).json().rows).toHaveLength(1);
    const change = { token: there, body: { role: 'admin' } };
    expect(codeOf(await world.ask('PATCH', `/api/v1/members/${agent.userId}`, change))).toBe(
      'member.unknown',
    );
    const { rows } = (await get('/api/v1/audit', there)).json();
    expect(rows.map(({ command }: { command: string }) => command)).not.toContain('member.add');
  });
});

describe('members', () => {
  test('change by one route, with an id once, and are told in the list', async () => {
    const added = await world.ask('POST', '/api/v1/members', {
      token,
      body: { email: 'Bob@Roost.test', role: 'agent', name: 'Bob' },
      headers: { 'idempotency-key': 'one' },
    });
    expect(added.statusCode).toBe(201);
    const again = await world.ask('POST', '/api/v1/members', {
      token,
      body: { email: 'Bob@Roost.test', role: 'agent', name: 'Bob' },
      headers: { 'idempotency-key': 'one' },
    });
    expect(again.json()).toEqual(added.json());
    const url = `/api/v1/members/${added.json().id}`;
    await world.ask('PATCH', url, { token, body: { role: 'viewer' } });
    await world.ask('PATCH', url, { token, body: { active: false } });
    const { rows } = (await get('/api/v1/members')).json();
    expect(rows).toContainEqual(
      expect.objectContaining({ email: 'bob@roost.test', name: 'Bob', role: 'viewer', active: false }),
    );
    for (const body of [{}, { role: 'agent', active: true }, { role: 'king' }])
      expect(codeOf(await world.ask('PATCH', url, { token, body }))).toBe('request.invalid');
    expect((await world.ask('DELETE', url, { token })).statusCode).toBe(200);
    expect(codeOf(await world.ask('DELETE', url, { token }))).toBe('member.unknown');
  });

  test('deactivated are out at once, by whatever they held', async () => {
    const { token: held, userId, cookie: kept } = await world.member('agent');
    const apiToken = await world.apiToken(['read'], userId);
    expect([await isIn(held), await isIn(apiToken)]).toEqual([true, true]);
    await world.ask('PATCH', `/api/v1/members/${userId}`, { token, body: { active: false } });
    expect([await isIn(held), await isIn(apiToken)]).toEqual([false, false]);
    expect(codeOf(await refresh(kept))).toBe('token.invalid');
  });
});

describe('an invitation', () => {
  const invite = async (body: object) =>
    (await world.ask('POST', '/api/v1/invitations', { token, body })).json() as {
      id: string;
      invitation: string;
      path: string;
    };
  const accept = (body: object, as?: string) =>
    world.ask('POST', '/api/v1/invitations/accept', { body, ...(as === undefined ? {} : { token: as }) });

  test('is shown, accepted with a name and a password, and spent', async () => {
    const { invitation, path } = await invite({ email: 'eve@roost.test', role: 'viewer', name: 'E.' });
    expect(path).toBe(`/join#invitation=${invitation}`);
    const offer = await world.ask('POST', '/api/v1/invitations/open', { body: { invitation } });
    expect(offer.json()).toMatchObject({
      organisation: 'Roost',
      email: 'eve@roost.test',
      name: 'E.',
      role: 'viewer',
      needs: 'password',
    });
    expect(codeOf(await accept({ invitation, password: 'short' }))).toBe('request.invalid');
    expect(codeOf(await accept({ invitation }))).toBe('request.invalid');
    const accepted = await accept({ invitation, name: 'Eve', password: PASSWORD });
    expect(accepted.statusCode).toBe(200);
    const me = (await get('/api/v1/me', accepted.json().access_token)).json();
    expect(me.rows[0]).toMatchObject({ email: 'eve@roost.test', name: 'Eve', role: 'viewer' });
    expect((await refresh(cookieOf(accepted))).statusCode).toBe(200);
    await world.signIn({ email: 'eve@roost.test', password: PASSWORD });
    expect(codeOf(await accept({ invitation, password: PASSWORD }))).toBe('invitation.unknown');
  });

  test('of somebody with an account takes the password of it, or a token of theirs, and nothing less', async () => {
    await createOrganisation(world.bus, {
      id: 'acme',
      name: 'Acme',
      owner_email: 'ann@acme.test',
      owner_name: '',
      mail_domains: [],
    });
    const input = { email: 'ann@acme.test' };
    const ann = await world.bus.query(queries.readCredentials, { org: '', actor: system, input });
    const user_id = ann?.user_id as string;
    const { invitation } = await invite({ email: 'ann@acme.test', role: 'agent' });
    const offer = await world.ask('POST', '/api/v1/invitations/open', { body: { invitation } });
    expect(offer.json().needs).toBe('sign-in');
    expect(codeOf(await accept({ invitation, password: PASSWORD }))).toBe('credentials.wrong');
    expect(codeOf(await accept({ invitation }))).toBe('credentials.wrong');
    // Somebody else who is signed in is not her.
    expect(codeOf(await accept({ invitation }, token))).toBe('credentials.wrong');
    const link = await world.ask('POST', SESSIONS, { body: { link: await linkOf('acme', user_id) } });
    const accepted = await accept({ invitation }, link.json().access_token);
    expect(accepted.json()).toMatchObject({ org_id: world.org, user_id });
  });

  test('nobody made cannot be guessed without end', async () => {
    const answers: string[] = [];
    for (let at = 0; at < 12; at += 1)
      answers.push(
        codeOf(await world.ask('POST', '/api/v1/invitations/open', { body: { invitation: `x${at}` } })),
      );
    expect(new Set(answers)).toEqual(new Set(['invitation.unknown', 'request.too_many']));
  });

  test('is listed without its secret, and taken back', async () => {
    const { id, invitation } = await invite({ email: 'eve@roost.test', role: 'agent' });
    const listed = await get('/api/v1/invitations');
    expect(listed.json().rows).toMatchObject([{ id, email: 'eve@roost.test', invited_by: world.ownerId }]);
    expect(listed.body).not.toContain(invitation);
    expect((await world.ask('DELETE', `/api/v1/invitations/${id}`, { token })).statusCode).toBe(204);
    expect(codeOf(await accept({ invitation, password: PASSWORD }))).toBe('invitation.unknown');
  });
});

async function linkOf(org: string, user_id: string): Promise<string> {
  return createSignInLink(world.bus, { secrets: systemSecrets, clock: world.clock }, { org, user_id });
}

describe('API tokens', () => {
  const make = (body: object, as = token) => world.ask('POST', '/api/v1/me/tokens', { token: as, body });

  test('are told once, do what their scopes say until their end, and are revoked', async () => {
    const expires_at = new Date(world.clock.time + 86_400_000).toISOString();
    const made = await make({ name: 'ci', scopes: ['read'], expires_at });
    expect([made.statusCode, made.headers['cache-control']]).toEqual([201, 'no-store']);
    const { id, token: held } = made.json();
    expect(await isIn(held)).toBe(true);
    const listed = await get('/api/v1/me/tokens');
    expect(listed.json().rows).toMatchObject([{ id, name: 'ci', scopes: ['read'], expires_at }]);
    expect(listed.body).not.toContain(held);
    expect(codeOf(await make({ name: 'more', scopes: ['admin'] }, held))).toBe('access.forbidden');
    expect((await world.ask('DELETE', `/api/v1/me/tokens/${id}`, { token })).statusCode).toBe(204);
    expect(await isIn(held)).toBe(false);
    const brief = (await make({ name: 'brief', scopes: ['read'], expires_at })).json().token;
    world.clock.time += 86_400_000;
    expect(await isIn(brief)).toBe(false);
  });

  test('of members are seen and ended by admins', async () => {
    const agent = await world.member('agent');
    const { id, token: held } = (await make({ name: 'bot', scopes: ['write'] }, agent.token)).json();
    expect((await get('/api/v1/tokens')).json().rows).toMatchObject([{ id, user_id: agent.userId }]);
    expect((await get('/api/v1/tokens', agent.token)).statusCode).toBe(403);
    expect((await world.ask('DELETE', `/api/v1/tokens/${id}`, { token })).statusCode).toBe(204);
    expect(codeOf(await get('/api/v1/me', held))).toBe('token.invalid');
  });
});

describe('a host application’s token', () => {
  const mint = (claims: object = {}, ms = 0) => {
    const now = Math.floor((world.clock.time + ms) / 1000);
    return new SignJWT({
      sub: '7',
      org: world.org,
      role: 'agent',
      name: 'Ivo',
      email: 'ivo@shop.example',
      ...claims,
    })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer(TRUSTED_HOST.issuer)
      .setAudience(TRUSTED_HOST.audience)
      .setIssuedAt(now)
      .setExpirationTime(now + 600)
      .sign(new TextEncoder().encode(TRUSTED_HOST.secret));
  };

  test('is taken as it is; its user is a member from then on, whose role follows', async () => {
    const me = await get('/api/v1/me', await mint());
    expect(me.json().rows[0]).toMatchObject({ email: 'ivo@shop.example', name: 'Ivo', role: 'agent' });
    expect((await get('/api/v1/audit', await mint())).statusCode).toBe(403);
    expect((await get('/api/v1/audit', await mint({ role: 'admin' }))).statusCode).toBe(200);
    expect((await get('/api/v1/me', await mint({ role: 'owner' }))).json().rows[0].role).toBe('admin');
    expect((await get('/api/v1/members')).json().rows).toHaveLength(2);
  });

  test('of another organisation, or too old, is none', async () => {
    expect(codeOf(await get('/api/v1/me', await mint({ org: 'acme' })))).toBe('token.invalid');
    const held = await mint();
    expect(await isIn(held)).toBe(true);
    world.clock.time += 600_000;
    expect(codeOf(await get('/api/v1/me', held))).toBe('token.invalid');
  });

  test('opens nothing that outlives it, and no other organisation', async () => {
    const held = await mint({ role: 'admin' });
    const asked: [string, object][] = [
      ['/api/v1/me/password', { password: PASSWORD }],
      ['/api/v1/me/tokens', { name: 'x', scopes: ['read'] }],
      [`${SESSIONS}/switch`, { org_id: world.org }],
    ];
    for (const [url, body] of asked)
      expect(codeOf(await world.ask('POST', url, { token: held, body }))).toBe('access.forbidden');
  });

  test('is void once its user signed out everywhere, was removed or deactivated', async () => {
    const held = await mint();
    const userId = (await get('/api/v1/me', held)).json().rows[0].id;
    const { rows } = (await get('/api/v1/me/sessions', held)).json();
    expect(rows).toMatchObject([{ kind: 'host', is_current: true }]);
    await world.ask('DELETE', `/api/v1/me/sessions/${rows[0].id}`, { token: held });
    expect(codeOf(await get('/api/v1/me', held))).toBe('token.invalid');
    world.clock.time += 2_000;
    const later = await mint();
    expect(await isIn(later)).toBe(true);
    await world.ask('PATCH', `/api/v1/members/${userId}`, { token, body: { active: false } });
    world.clock.time += 2_000;
    for (const one of [later, await mint()])
      expect(codeOf(await get('/api/v1/me', one))).toBe('access.forbidden');
  });

  test('writes nothing while it says what is known', async () => {
    await get('/api/v1/me', await mint());
    const head = async () =>
      (await world.bus.query(queries.readHeads, { org: '', actor: system, input: { orgs: [world.org] } }))[0]
        ?.offset;
    const before = await head();
    world.clock.time += 5_000;
    for (let at = 0; at < 3; at += 1) await get('/api/v1/me', await mint({}, at));
    expect(await head()).toBe(before);
  });
});
