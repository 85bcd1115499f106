import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ELSEWHERE, OWNER, openWorld, type World } from './testing/world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const SESSIONS = '/api/v1/sessions';

describe('signing in', () => {
  test('by password: an access token for requests, and a cookie that only the sessions routes get', async () => {
    const answer = await world.ask('POST', SESSIONS, { body: OWNER });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({
      access_token: expect.any(String),
      expires_in: 900,
      user_id: world.ownerId,
      org_id: world.org,
    });
    const [key, ...attributes] = String(answer.headers['set-cookie']).split('; ');
    expect(key).toMatch(/^roost_session=[a-z0-9]+\.0\.[A-Za-z0-9_-]{43}$/);
    expect(attributes).toEqual(['Path=/api/v1/sessions', 'HttpOnly', 'SameSite=Strict', 'Max-Age=2592000']);
    const me = await world.ask('GET', '/api/v1/me', { token: answer.json().access_token });
    expect(me.json().rows[0]).toMatchObject({ email: OWNER.email, role: 'owner' });
  });

  test('over HTTPS the cookie is told to stay there', async () => {
    await world.close();
    world = await openWorld({ isHttpsOutside: true });
    const answer = await world.ask('POST', SESSIONS, { body: OWNER });
    expect(answer.headers['set-cookie']).toMatch(/; Secure$/);
  });

  test('letter case of the address does not matter', async () => {
    const answer = await world.ask('POST', SESSIONS, { body: { ...OWNER, email: ' OWNER@Roost.TEST ' } });
    expect(answer.statusCode).toBe(200);
  });

  test('a wrong password and an unknown account are told alike', async () => {
    const wrong = await world.ask('POST', SESSIONS, { body: { ...OWNER, password: 'wrong' } });
    const unknown = await world.ask('POST', SESSIONS, { body: { email: 'x@y.test', password: 'wrong' } });
    for (const answer of [wrong, unknown]) {
      expect(answer.statusCode).toBe(401);
      expect(answer.json()).toMatchObject({ code: 'credentials.wrong', remedy: 'correct' });
      expect(answer.headers['set-cookie']).toBeUndefined();
    }
    expect(wrong.json().detail).toBe(unknown.json().detail);
  });

  test('by a one-time link, once', async () => {
    const link = await world.link(world.ownerId);
    expect((await world.ask('POST', SESSIONS, { body: { link } })).statusCode).toBe(200);
    const again = await world.ask('POST', SESSIONS, { body: { link } });
    expect(again.statusCode).toBe(401);
    expect(again.json().code).toBe('token.invalid');
  });

  test('a link is good for a day', async () => {
    const link = await world.link(world.ownerId);
    world.clock.time += 24 * 60 * 60_000 + 1;
    expect((await world.ask('POST', SESSIONS, { body: { link } })).json().code).toBe('token.invalid');
  });
});

describe('attempts', () => {
  const fail = (email: string, from: string) =>
    world.ask('POST', SESSIONS, { body: { email, password: 'wrong' }, from });

  test('the eleventh from one address within five minutes has to wait, whatever the account', async () => {
    for (let at = 0; at < 10; at += 1) await fail(`nobody${at}@roost.test`, '198.51.100.7');
    const answer = await world.ask('POST', SESSIONS, { body: OWNER, from: '198.51.100.7' });
    expect(answer.statusCode).toBe(429);
    expect(answer.json().code).toBe('request.too_many');
    expect(answer.headers['retry-after']).toBe('300');
    expect((await world.ask('POST', SESSIONS, { body: OWNER, from: '198.51.100.8' })).statusCode).toBe(200);
  });

  test('the eleventh for one account has to wait, wherever it comes from', async () => {
    for (let at = 0; at < 10; at += 1) await fail(OWNER.email, `198.51.100.${at}`);
    expect((await fail(OWNER.email.toUpperCase(), '203.0.113.5')).json().code).toBe('request.too_many');
    world.clock.time += 5 * 60_000;
    expect((await world.ask('POST', SESSIONS, { body: OWNER })).statusCode).toBe(200);
  });

  test('a customer with a whole IPv6 network is one', async () => {
    for (let at = 0; at < 10; at += 1) await fail(`nobody${at}@roost.test`, `2001:db8:1:2::${at}`);
    expect((await fail('x@y.test', '2001:db8:1:2:ffff::1')).json().code).toBe('request.too_many');
    expect((await fail('x@y.test', '2001:db8:1:3::1')).json().code).toBe('credentials.wrong');
  });

  test('behind a proxy they count for who it says the client is, and nobody can say that themselves', async () => {
    await world.close();
    world = await openWorld({ trustProxy: 1 });
    const failFor = (client: string) =>
      world.ask('POST', SESSIONS, {
        body: { email: `${client}@roost.test`, password: 'wrong' },
        headers: { 'x-forwarded-for': `203.0.113.99, ${client}` },
      });
    for (let at = 0; at < 11; at += 1) await failFor(`198.51.100.${at}`);
    for (let at = 0; at < 10; at += 1) {
      await world.ask('POST', SESSIONS, {
        body: { email: `other${at}@roost.test`, password: 'wrong' },
        headers: { 'x-forwarded-for': `203.0.113.${at}, 198.51.100.77` },
      });
    }
    expect((await failFor('198.51.100.77')).json().code).toBe('request.too_many');
    expect((await failFor('198.51.100.78')).json().code).toBe('credentials.wrong');
  });

  test('without a proxy what the client says of itself is not believed', async () => {
    for (let at = 0; at < 10; at += 1) {
      await world.ask('POST', SESSIONS, {
        body: { email: `nobody${at}@roost.test`, password: 'wrong' },
        headers: { 'x-forwarded-for': `203.0.113.${at}` },
      });
    }
    expect((await fail('x@y.test', '192.0.2.1')).json().code).toBe('request.too_many');
  });

  test('attempts at the same time count too', async () => {
    const answers = await Promise.all(Array.from({ length: 14 }, () => fail(OWNER.email, '198.51.100.7')));
    expect(answers.filter(({ statusCode }) => statusCode === 429)).toHaveLength(4);
  });

  test('signing in rightly never uses them up', async () => {
    for (let at = 0; at < 12; at += 1) {
      expect((await world.ask('POST', SESSIONS, { body: OWNER })).statusCode).toBe(200);
    }
  });
});

describe('the session', () => {
  test('is renewed by its cookie', async () => {
    const { cookie } = await world.signIn();
    world.clock.time += 20 * 60_000;
    const answer = await world.ask('POST', `${SESSIONS}/refresh`, { headers: { cookie } });
    expect(answer.statusCode).toBe(200);
    const { access_token: token } = answer.json();
    expect((await world.ask('GET', '/api/v1/me', { token })).statusCode).toBe(200);
  });

  test('an access token runs out after a quarter of an hour', async () => {
    const { token } = await world.signIn();
    world.clock.time += 14 * 60_000;
    expect((await world.ask('GET', '/api/v1/me', { token })).statusCode).toBe(200);
    world.clock.time += 60_000;
    expect((await world.ask('GET', '/api/v1/me', { token })).json().code).toBe('token.invalid');
  });

  test('ends after thirty days', async () => {
    const { cookie } = await world.signIn();
    world.clock.time += 30 * 24 * 60 * 60_000;
    const answer = await world.ask('POST', `${SESSIONS}/refresh`, { headers: { cookie } });
    expect(answer.json().code).toBe('token.invalid');
  });

  test('signing out ends the cookie and every access token of it at once', async () => {
    const { token, cookie } = await world.signIn();
    expect((await world.ask('GET', '/api/v1/me', { token })).statusCode).toBe(200);
    const answer = await world.ask('DELETE', SESSIONS, { headers: { cookie } });
    expect(answer.statusCode).toBe(204);
    expect(answer.headers['set-cookie']).toMatch(/^roost_session=; .*Max-Age=0$/);
    expect((await world.ask('GET', '/api/v1/me', { token })).json().code).toBe('token.invalid');
    const renewed = await world.ask('POST', `${SESSIONS}/refresh`, { headers: { cookie } });
    expect(renewed.json().code).toBe('token.invalid');
  });

  test('of a program, which keeps no cookies, ends by its access token; an API token has none to end', async () => {
    const { token, cookie } = await world.signIn();
    expect((await world.ask('DELETE', SESSIONS, { token })).statusCode).toBe(204);
    expect((await world.ask('GET', '/api/v1/me', { token })).json().code).toBe('token.invalid');
    const renewed = await world.ask('POST', `${SESSIONS}/refresh`, { headers: { cookie } });
    expect(renewed.json().code).toBe('token.invalid');
    const apiToken = await world.apiToken(['read', 'admin']);
    const refused = await world.ask('DELETE', SESSIONS, { token: apiToken });
    expect(refused.json().code).toBe('access.forbidden');
  });

  test.each([
    ['no cookie', undefined, 'token.missing'],
    ['another cookie', 'theme=dark', 'token.missing'],
    ['an empty one', 'roost_session=', 'token.missing'],
    ['one without a secret', 'roost_session=abc', 'token.invalid'],
    ['one nobody made', `roost_session=abc.${'x'.repeat(43)}`, 'token.invalid'],
  ])('%s renews and ends nothing', async (_what, cookie, code) => {
    const headers: Record<string, string> = cookie === undefined ? {} : { cookie };
    expect((await world.ask('POST', `${SESSIONS}/refresh`, { headers })).json().code).toBe(code);
    expect((await world.ask('DELETE', SESSIONS, { headers })).json().code).toBe(code);
  });

  test('the id of a session is of no use without its secret', async () => {
    const { cookie } = await world.signIn();
    const guessed = `${cookie.split('.')[0]}.${'x'.repeat(43)}`;
    const answer = await world.ask('POST', `${SESSIONS}/refresh`, { headers: { cookie: guessed } });
    expect(answer.json().code).toBe('token.invalid');
  });
});

describe('pages of other sites', () => {
  const origin = 'https://evil.example';

  test('may not act with the cookie, nor sign anybody in', async () => {
    const { cookie } = await world.signIn();
    const answers = [
      await world.ask('POST', `${SESSIONS}/refresh`, { headers: { cookie, origin } }),
      await world.ask('DELETE', SESSIONS, { headers: { cookie, origin } }),
      await world.ask('POST', SESSIONS, { body: OWNER, headers: { origin } }),
      await world.ask('POST', `${SESSIONS}/refresh`, { headers: { cookie, origin: 'null' } }),
    ];
    expect(answers.map((answer) => answer.json().code)).toEqual(Array(4).fill('request.wrong_origin'));
    const own = { cookie, origin: 'http://roost.test:8080', host: 'roost.test:8080' };
    expect((await world.ask('POST', `${SESSIONS}/refresh`, { headers: own })).statusCode).toBe(200);
  });

  test('an HTML form, which needs no permission to be sent, is not understood', async () => {
    const answer = await world.ask('POST', SESSIONS, {
      body: 'email=owner%40roost.test&password=x',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(answer.json().code).toBe('request.wrong_type');
  });

  test('a named other origin may, and may read the answers', async () => {
    const answer = await world.ask('POST', SESSIONS, { body: OWNER, headers: { origin: ELSEWHERE } });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': ELSEWHERE,
      'access-control-expose-headers': expect.stringContaining('ETag'),
      vary: expect.stringContaining('Origin'),
    });
  });

  test('a preflight is answered for named origins only', async () => {
    const preflight = (from: string) =>
      world.ask('OPTIONS', '/api/v1/inbox', {
        headers: { origin: from, 'access-control-request-method': 'GET' },
      });
    const allowed = await preflight(ELSEWHERE);
    expect(allowed.statusCode).toBe(204);
    expect(allowed.headers['access-control-allow-headers']).toContain('Authorization');
    const refused = await preflight(origin);
    expect(refused.statusCode).toBe(404);
    expect(refused.headers['access-control-allow-origin']).toBeUndefined();
  });
});

describe('one’s own password', () => {
  const set = (token: string, body: object) => world.ask('POST', '/api/v1/me/password', { token, body });
  const fresh = 'another long password';

  test('takes the one before it, and holds from then on', async () => {
    const { token } = await world.signIn();
    const wrong = await set(token, { password: fresh, current_password: 'wrong' });
    expect(wrong.json().code).toBe('credentials.wrong');
    expect((await set(token, { password: fresh })).json().code).toBe('credentials.wrong');
    expect((await set(token, { password: fresh, current_password: OWNER.password })).statusCode).toBe(204);
    expect((await world.ask('POST', SESSIONS, { body: OWNER })).statusCode).toBe(401);
    await world.signIn({ email: OWNER.email, password: fresh });
  });

  test('needs none before it for who came by a link, until the token is renewed', async () => {
    const link = await world.link(world.ownerId);
    const opened = await world.ask('POST', SESSIONS, { body: { link } });
    const cookie = String(opened.headers['set-cookie']).split(';')[0] as string;
    const renewed = await world.ask('POST', `${SESSIONS}/refresh`, { headers: { cookie } });
    expect((await set(renewed.json().access_token, { password: fresh })).statusCode).toBe(401);
    expect((await set(opened.json().access_token, { password: fresh })).statusCode).toBe(204);
  });

  test('has ten characters at least', async () => {
    const { token } = await world.signIn();
    const answer = await set(token, { password: 'short', current_password: OWNER.password });
    expect(answer.statusCode).toBe(422);
    expect(answer.json().detail).toContain('at least 10 characters');
  });

  test('cannot be guessed without end', async () => {
    const { token } = await world.signIn();
    const answers: number[] = [];
    for (let at = 0; at < 11; at += 1) {
      answers.push((await set(token, { password: fresh, current_password: `guess ${at}` })).statusCode);
    }
    expect(answers.filter((status) => status === 429)).toHaveLength(1);
  });
});
