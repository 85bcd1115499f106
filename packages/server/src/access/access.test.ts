import type { Change } from '@roost/protocol';
import { SignJWT } from 'jose';
import { beforeEach, describe, expect, test } from 'vitest';
import { Access } from './access.ts';
import { AccessTokens } from './access-token.ts';
import { hashSecret } from './secret.ts';

const KEY = 'k'.repeat(43);
const session = {
  org: 'main',
  session_id: 's1',
  user_id: 'u1',
  kind: 'password',
  role: 'agent',
  seed: '',
  expires_at: Date.UTC(2026, 1, 1),
} as const;

/** The store, as far as Access asks it; each answer can be held back. */
class Store {
  asked = 0;
  sessions = new Map<string, typeof session>([['s1', session]]);
  apiTokens = new Map<string, object>();
  touched: unknown[] = [];
  hold: Promise<void> = Promise.resolve();

  readonly execute = async (_: { name: string }, { input }: { input: unknown }): Promise<never> => {
    this.touched.push(input);
    return { offset: 0, result: null } as never;
  };

  readonly query = async (query: { name: string }, { input }: { input: unknown }): Promise<never> => {
    this.asked += 1;
    const { session_id = '', hash = '' } = input as { session_id?: string; hash?: string };
    const found = query.name === 'session.find' ? this.sessions.get(session_id) : this.apiTokens.get(hash);
    await this.hold;
    return (found ?? null) as never;
  };
}

let store: Store;
let clock: { time: number; now(): number };
let tokens: AccessTokens;
let access: Access;
beforeEach(async () => {
  store = new Store();
  clock = { time: Date.UTC(2026, 0, 1), now: () => clock.time };
  tokens = await AccessTokens.open(KEY, clock);
  access = new Access({ bus: store, tokens, host: null, clock });
});

const sign = () => tokens.sign({ org: 'main', user_id: 'u1', session_id: 's1', came_by_link: false });
const ended: Change = {
  kind: 'session',
  id: 's1',
  before: { id: 's1', version: 0, user_id: 'u1' },
  after: null,
};
const member = { id: 'u1', version: 1, email: 'a@b.c', name: '', role: 'agent', active: true } as const;

describe('who is behind a token', () => {
  test('is found once and kept at hand for a minute', async () => {
    const token = await sign();
    expect(await access.authenticate(token)).toEqual({
      org: 'main',
      user_id: 'u1',
      actor: { kind: 'member', user_id: 'u1', session_id: 's1' },
      role: 'agent',
      session_id: 's1',
      expires_at: clock.time + 900_000,
      came_by_link: false,
      from_host: false,
    });
    await access.authenticate(token);
    expect(store.asked).toBe(1);
    clock.time += 60_001;
    await access.authenticate(token);
    expect(store.asked).toBe(2);
  });

  test('of an API token is whose it is, as far as its scopes go', async () => {
    const token = `rt_${'x'.repeat(43)}`;
    store.apiTokens.set(hashSecret(token), {
      org: 'main',
      token_id: 't1',
      user_id: 'u1',
      role: 'admin',
      scopes: ['ingest'],
      last_used_at: clock.time - 16 * 60_000,
      expires_at: null,
    });
    expect(await access.authenticate(token)).toMatchObject({
      actor: { kind: 'token', token_id: 't1', scopes: ['ingest'] },
      session_id: 't1',
      expires_at: null,
    });
    expect(store.touched).toEqual([{ token_id: 't1' }]);
  });

  test('of an API token that ran out is nobody any more', async () => {
    const token = `rt_${'x'.repeat(43)}`;
    const made = { org: 'main', token_id: 't1', user_id: 'u1', role: 'admin', scopes: ['read'] };
    store.apiTokens.set(hashSecret(token), {
      ...made,
      last_used_at: clock.time,
      expires_at: clock.time + 1_000,
    });
    expect(await access.authenticate(token)).toMatchObject({ expires_at: clock.time + 1_000 });
    clock.time += 1_000;
    await expect(access.authenticate(token)).rejects.toMatchObject({ code: 'token.invalid' });
  });

  test('nobody is kept for a token that was refused', async () => {
    const token = `rt_${'x'.repeat(43)}`;
    await expect(access.authenticate(token)).rejects.toMatchObject({ code: 'token.invalid' });
    store.apiTokens.set(hashSecret(token), {
      org: 'main',
      token_id: 't1',
      user_id: 'u1',
      role: 'admin',
      scopes: [],
      last_used_at: clock.time,
      expires_at: null,
    });
    await expect(access.authenticate(token)).resolves.toMatchObject({ session_id: 't1' });
  });

  const payload = { iss: 'roost', sub: 'u1', org: 'main', sid: 's1' };
  test.each<[string, object, string | null]>([
    ['with another key', payload, 'l'.repeat(43)],
    ['without a session', { ...payload, sid: undefined }, KEY],
    ['for the session of somebody else', { ...payload, sub: 'u2' }, KEY],
    ['for another organisation', { ...payload, org: 'other' }, KEY],
    ['by another issuer', { ...payload, iss: 'elsewhere' }, KEY],
    ['without an end', { ...payload, exp: undefined }, KEY],
    ['rightly', payload, null],
  ])('a token made %s', async (_what, claims, key) => {
    const now = Math.floor(clock.time / 1000);
    const signed = await new SignJWT({ iat: now, exp: now + 60, ...claims })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(Buffer.from(key ?? KEY, 'base64url'));
    const asked = access.authenticate(signed);
    if (key === null) await expect(asked).resolves.toMatchObject({ user_id: 'u1' });
    else await expect(asked).rejects.toMatchObject({ code: 'token.invalid' });
  });

  test.each([null, undefined, ''])('%j is no token', async (token) => {
    await expect(access.authenticate(token)).rejects.toMatchObject({ code: 'token.missing' });
  });
});

describe('a revocation', () => {
  test.each<[string, Change]>([
    ['the end of the session', ended],
    ['the end of the membership', { kind: 'member', id: 'u1', before: member, after: null }],
    ['another role', { kind: 'member', id: 'u1', before: member, after: { ...member, role: 'viewer' } }],
    ['deactivation', { kind: 'member', id: 'u1', before: member, after: { ...member, active: false } }],
  ])('by %s is not covered up by what was kept', async (_what, change) => {
    const token = await sign();
    await access.authenticate(token);
    store.sessions.delete('s1');
    access.forget([change]);
    await expect(access.authenticate(token)).rejects.toMatchObject({ code: 'token.invalid' });
  });

  test.each<[string, Change]>([
    ['a new session', { ...ended, before: null, after: { id: 's2', version: 2, user_id: 'u1' } }],
    ['another name', { kind: 'member', id: 'u1', before: member, after: { ...member, name: 'Ann' } }],
    ['somebody else leaving', { kind: 'member', id: 'u2', before: { ...member, id: 'u2' }, after: null }],
  ])('is not %s', async (_what, change) => {
    const token = await sign();
    await access.authenticate(token);
    access.forget([change]);
    await access.authenticate(token);
    expect(store.asked).toBe(1);
  });

  test('while the store is being asked is not overtaken by the older answer', async () => {
    const token = await sign();
    let answer = () => {};
    store.hold = new Promise((resolve) => {
      answer = resolve;
    });
    const asking = access.authenticate(token);
    await untilAsked();
    store.sessions.delete('s1');
    access.forget([ended]);
    answer();
    await asking;
    await expect(access.authenticate(token)).rejects.toMatchObject({ code: 'token.invalid' });
  });
});

async function untilAsked(): Promise<void> {
  while (store.asked === 0) await new Promise(setImmediate);
}
