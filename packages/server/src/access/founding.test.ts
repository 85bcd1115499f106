import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock, systemSecrets } from '../clock.ts';
import { CommandBus, type Engine, StoreEngine } from '../commands/index.ts';
import { queries, registry } from '../domain/index.ts';
import { openSqlite } from '../store/sqlite/sqlite.ts';
import { found } from './founding.ts';
import { Passwords } from './passwords.ts';

const system = { kind: 'system', name: 'test' } as const;
const passwords = new Passwords();
const wanted = { ownerEmail: 'owner@localhost', ownerPassword: null, mailDomains: ['*.test'] };

let engine: Engine;
let written: number;
let bus: CommandBus;
beforeEach(async () => {
  engine = new StoreEngine(await openSqlite(':memory:'), registry, systemClock, Math.random);
  written = 0;
  const counted: Engine = {
    run: (calls) => {
      written += calls.length;
      return engine.run(calls);
    },
    query: (call) => engine.query(call),
    close: () => engine.close(),
  };
  bus = node(counted);
});
afterEach(() => engine.close());

const node = (over: Engine) =>
  new CommandBus(
    over,
    () => 'all',
    () => {},
    () => {},
  );
const needs = () => ({ bus, passwords, secrets: systemSecrets });
const members = (org: string) => bus.query(queries.listMembers, { org, actor: system, input: {} });

describe('the first start', () => {
  test('founds an organisation with an owner and the inboxes of the settings', async () => {
    const { org, owner, accessKey } = await found(needs(), wanted);
    expect(owner).toEqual({ user_id: expect.any(String), email: 'owner@localhost', has_password: false });
    expect(accessKey).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(await members(org)).toEqual([
      { id: owner.user_id, email: 'owner@localhost', role: 'owner', active: 1, has_password: 0 },
    ]);
    const inboxes = await bus.query(queries.listAllInboxes, { org, actor: system, input: {} });
    expect(inboxes.map(({ address }) => address)).toEqual(['*.test']);
  });

  test('of two servers at once founds one organisation', async () => {
    const other = node(engine);
    const [one, two] = await Promise.all([
      found(needs(), wanted),
      found({ bus: other, passwords, secrets: systemSecrets }, wanted),
    ]);
    expect(two).toEqual(one);
    expect(await members(one.org)).toHaveLength(1);
  });
});

describe('a later start', () => {
  test('finds everything as it was, and writes nothing', async () => {
    const first = await found(needs(), wanted);
    written = 0;
    expect(await found(needs(), wanted)).toEqual(first);
    expect(written).toBe(0);
  });

  test('adds inboxes for settings that are new, and takes none away', async () => {
    const { org } = await found(needs(), wanted);
    await found(needs(), { ...wanted, mailDomains: ['example.org'] });
    const inboxes = await bus.query(queries.listAllInboxes, { org, actor: system, input: {} });
    expect(inboxes.map(({ address }) => address).sort()).toEqual(['*.test', 'example.org']);
  });

  test('gives the owner a password if they have none, and never changes one', async () => {
    await found(needs(), wanted);
    const given = await found(needs(), { ...wanted, ownerPassword: 'first' });
    expect(given.owner.has_password).toBe(true);
    await found(needs(), { ...wanted, ownerPassword: 'second' });
    const person = await bus.query(queries.readCredentials, {
      org: '',
      actor: system,
      input: { email: 'owner@localhost' },
    });
    expect(await passwords.verify(person?.password_hash ?? null, 'first')).toBe(true);
  });
});
