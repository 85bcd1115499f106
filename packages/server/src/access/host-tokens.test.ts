import { createServer, type Server } from 'node:http';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../clock.ts';
import type { HostTrust } from '../domain/index.ts';
import { HostKeys } from './host-keys.ts';
import { HostTokens } from './host-tokens.ts';
import { serverTrustOf } from './server-trust.ts';

const SECRET = 'a secret of the host, long enough for HS256';
const secretTrust: HostTrust = {
  issuer: 'https://shop.example',
  audience: 'roost',
  secret: SECRET,
  jwks_url: null,
  role_max: 'agent',
};
const said = { sub: '7', org: 'main', role: 'agent', name: 'Ivo', email: 'ivo@shop.example' };

/** What organisations say themselves. */
const own = new Map<string, HostTrust>();
let asked: number;
let clock: { time: number; now(): number };
beforeEach(() => {
  own.clear();
  asked = 0;
  clock = { time: systemClock.now(), now: () => clock.time };
});

function tokens(
  settings: Partial<Parameters<typeof serverTrustOf>[0]> = {},
  keys = new HostKeys(),
): HostTokens {
  const none = { hostIssuer: null, hostAudience: 'roost', hostSecret: null, hostJwksUrl: null } as const;
  const serverTrust = serverTrustOf({ ...none, hostRoleMax: 'agent', hostOrgs: [], ...settings }, 'main');
  const query = async (_: unknown, { org }: { org: string }): Promise<never> => {
    asked += 1;
    return (own.get(org) ?? null) as never;
  };
  return new HostTokens({ bus: { query }, keys, clock, serverTrust });
}

const shared = { hostIssuer: secretTrust.issuer, hostSecret: SECRET };

interface Minted {
  readonly claims?: object;
  readonly secret?: string;
  readonly iat?: number;
  readonly exp?: number;
}

function mint({ claims = {}, secret = SECRET, iat, exp }: Minted = {}): Promise<string> {
  const now = Math.floor(clock.time / 1000);
  return new SignJWT({
    iss: secretTrust.issuer,
    aud: 'roost',
    ...said,
    iat: iat ?? now,
    exp: exp ?? now + 600,
    ...claims,
  })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(secret));
}

describe('a token by shared secret', () => {
  test('says who the host’s user is, and for how long', async () => {
    const now = Math.floor(clock.time / 1000);
    expect(await tokens(shared).read(await mint())).toEqual({
      org: 'main',
      user: {
        external_id: '7',
        role: 'agent',
        role_max: 'agent',
        name: 'Ivo',
        email: 'ivo@shop.example',
        issued_at: now * 1000,
      },
      expires_at: (now + 600) * 1000,
    });
  });

  test('whose address the host has not checked comes without one', async () => {
    const { user } = await tokens(shared).read(await mint({ claims: { email_verified: false } }));
    expect(user).toMatchObject({ external_id: '7', email: null });
  });

  const nowSeconds = () => Math.floor(systemClock.now() / 1000);
  test.each<[string, () => Minted, string]>([
    ['signed with another secret', () => ({ secret: 'x'.repeat(43) }), 'not valid'],
    ['of another issuer', () => ({ claims: { iss: 'https://evil.example' } }), '“iss”'],
    ['for another audience', () => ({ claims: { aud: 'somebody else' } }), '“aud”'],
    ['without an audience', () => ({ claims: { aud: undefined } }), '“aud”'],
    ['without a user', () => ({ claims: { sub: undefined } }), '“sub”'],
    ['without an organisation', () => ({ claims: { org: undefined } }), 'not valid'],
    ['without an end', () => ({ claims: { exp: undefined } }), '“exp”'],
    ['without a beginning', () => ({ claims: { iat: undefined } }), '“iat”'],
    ['that ran out', () => ({ exp: nowSeconds() - 1 }), 'ran out'],
    ['of tomorrow', () => ({ iat: nowSeconds() + 86_400, exp: nowSeconds() + 87_000 }), '“iat”'],
    ['that lasts for more than an hour', () => ({ exp: nowSeconds() + 3_700 }), 'longer than an hour'],
    ['with a role that there is not', () => ({ claims: { role: 'king' } }), '“role”'],
    ['with an address that is none', () => ({ claims: { email: 'ivo' } }), '“email”'],
    ['for an organisation it does not speak for', () => ({ claims: { org: 'other' } }), 'not valid'],
  ])('%s is refused, and says why', async (_what, minted, says) => {
    const reading = tokens(shared).read(await mint(minted()));
    await expect(reading).rejects.toMatchObject({ code: 'token.invalid' });
    await expect(reading).rejects.toThrow(says);
  });

  test('unsigned, or of another kind of signature, is refused', async () => {
    const now = Math.floor(clock.time / 1000);
    const body = { iss: secretTrust.issuer, aud: 'roost', ...said, iat: now, exp: now + 600 };
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    for (const alg of ['none', 'HS512', 'RS256'])
      await expect(tokens(shared).read(`${part({ alg })}.${part(body)}.`)).rejects.toMatchObject({
        code: 'token.invalid',
      });
    await expect(tokens(shared).read('nonsense')).rejects.toMatchObject({ code: 'token.invalid' });
  });
});

describe('whose tokens an organisation takes', () => {
  test('is what it says itself, before what the settings say', async () => {
    own.set('main', { ...secretTrust, secret: 'o'.repeat(40), role_max: 'viewer' });
    const read = tokens(shared);
    await expect(read.read(await mint())).rejects.toMatchObject({ code: 'token.invalid' });
    const { user } = await read.read(await mint({ secret: 'o'.repeat(40) }));
    expect(user.role_max).toBe('viewer');
  });

  test('is the host of the settings for the first, for those named, or for all', async () => {
    const other = { claims: { org: 'other' } };
    for (const hostOrgs of [['other'], ['*']])
      expect((await tokens({ ...shared, hostOrgs }).read(await mint(other))).org).toBe('other');
    await expect(tokens({ ...shared, hostOrgs: ['other'] }).read(await mint())).rejects.toMatchObject({
      code: 'token.invalid',
    });
  });

  test('is asked for once in a while, and again when something changed', async () => {
    const read = tokens(shared);
    for (let at = 0; at < 5; at += 1) await read.read(await mint());
    expect(asked).toBe(1);
    read.forget();
    await read.read(await mint());
    expect(asked).toBe(2);
    clock.time += 31_000;
    await read.read(await mint());
    expect(asked).toBe(3);
  });
});

describe('a token by key pair', () => {
  let server: Server;
  let url: string;
  let answer: { status: number; body: string; headers?: Record<string, string> };
  let requests: number;
  beforeEach(async () => {
    requests = 0;
    server = createServer((_request, response) => {
      requests += 1;
      response.writeHead(answer.status, answer.headers).end(answer.body);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('No port');
    url = `http://127.0.0.1:${address.port}/keys`;
  });
  afterEach(() => new Promise<void>((closed) => void server.close(() => closed())));

  async function keyPair(kid: string): Promise<{ jwk: JWK; mint(): Promise<string> }> {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const now = Math.floor(clock.time / 1000);
    return {
      jwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256' },
      mint: () =>
        new SignJWT({ iss: secretTrust.issuer, aud: 'roost', ...said, iat: now, exp: now + 600 })
          .setProtectedHeader({ alg: 'ES256', kid, jku: 'http://169.254.169.254/keys' })
          .sign(privateKey),
    };
  }
  const settings = () => ({ hostIssuer: secretTrust.issuer, hostJwksUrl: url });
  const serve = (...keys: JWK[]) => {
    answer = { status: 200, body: JSON.stringify({ keys }) };
  };

  test('is checked by the host’s public keys, which are fetched once', async () => {
    const pair = await keyPair('one');
    serve(pair.jwk);
    const read = tokens(settings());
    expect((await read.read(await pair.mint())).user.external_id).toBe('7');
    await Promise.all([1, 2, 3].map(async () => read.read(await pair.mint())));
    expect(requests).toBe(1);
  });

  test('of a key that the host does not show is refused, and nobody makes us ask for it without end', async () => {
    const [known, unknown] = [await keyPair('one'), await keyPair('two')];
    serve(known.jwk);
    const read = tokens(settings());
    await read.read(await known.mint());
    for (let at = 0; at < 5; at += 1)
      await expect(read.read(await unknown.mint())).rejects.toMatchObject({ code: 'token.invalid' });
    expect(requests).toBe(1);
  });

  test('is not read by shared secret, whatever it says of itself', async () => {
    serve((await keyPair('one')).jwk);
    await expect(tokens(settings()).read(await mint())).rejects.toMatchObject({ code: 'token.invalid' });
    expect(requests).toBe(0);
  });

  test.each<[string, () => typeof answer]>([
    ['an error', () => ({ status: 500, body: 'no' })],
    ['something else', () => ({ status: 200, body: '<html>' })],
    ['no keys', () => ({ status: 200, body: '{}' })],
    ['a redirect', () => ({ status: 302, body: '', headers: { location: url } })],
    ['more than a set of keys holds', () => ({ status: 200, body: `{"keys":["${'x'.repeat(300_000)}"]}` })],
  ])('is for later where the keys’ address answers with %s', async (_what, given) => {
    const pair = await keyPair('one');
    answer = given();
    const reading = tokens(settings()).read(await pair.mint());
    await expect(reading).rejects.toMatchObject({ code: 'store.unavailable' });
    expect(requests).toBe(1);
  });
});
