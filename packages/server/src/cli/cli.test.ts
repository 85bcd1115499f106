import { rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { hashSecret } from '../access/secret.ts';
import { systemClock } from '../clock.ts';
import { queries } from '../domain/index.ts';
import { openStore } from '../open-store.ts';
import { freshPostgres, postgresMissing } from '../store/testing/postgres.ts';
import { openTerminal, type Terminal } from './testing/terminal.ts';

const system = { kind: 'system', name: 'test' } as const;
const MAIL = 'From: Ann <ann@example.org>\r\nSubject: Piped\r\n\r\nHello.\r\n';

let terminal: Terminal;
beforeEach(async () => {
  terminal = await openTerminal();
});
afterEach(() => terminal.remove());

/** What is in the store once the command has ended. */
async function stored<T>(ask: (bus: Awaited<ReturnType<typeof openStore>>['bus']) => Promise<T>): Promise<T> {
  const store = await openStore({ data: terminal.data, databaseUrl: null }, () => {});
  try {
    return await ask(store.bus);
  } finally {
    await store.close();
  }
}

const subjects = () =>
  stored(async (bus) => {
    const page = await bus.query(queries.readView, {
      org: 'main',
      actor: system,
      input: { channel: 'inbox', params: {}, user_id: '', before: null, limit: 50 },
    });
    return page.rows.map((row) => JSON.parse(row).subject as string);
  });
const emails = () =>
  stored(async (bus) => {
    const members = await bus.query(queries.listMembers, { org: 'main', actor: system, input: {} });
    return members.map(({ email, role }) => `${role} ${email}`);
  });

describe('called wrongly', () => {
  test.each([
    ['sing', 64, 'There is no command “sing”.'],
    ['token', 64, 'Say “roost token create”, “roost token list” or “roost token revoke ID”.'],
    ['token create', 64, 'A token needs a name'],
    [
      'token create --name x --scopes read,sing',
      64,
      '“sing” is none of the scopes read, write, ingest, admin.',
    ],
    ['token create --name x --days soon', 64, '“--days” is a whole number'],
    ['org', 64, 'name one organisation'],
    ['org create Shop', 64, 'An organisation needs an owner'],
    ['org create 店 --owner a@b.test', 64, 'Give it an id'],
    ['org trust main --issuer x', 64, 'Give either “--secret-file” or “--jwks-url”.'],
    ['org trust main --issuer x --jwks-url http://169.254.169.254/', 64, 'starts with https://'],
    ['org trust main --issuer x --secret-file /dev/null', 64, 'at least 32 characters'],
    ['token create --nam x', 64, "Unknown option '--nam'"],
    ['member add', 64, 'Name one address.'],
    ['member add a@b.test --role king', 64, '“king” is none of the roles'],
    ['member promote a@b.test', 64, 'Say “roost member list”, or one of add, invite'],
    ['ingest', 64, 'Name who the mail is for'],
    ['backup', 64, 'Name one new folder.'],
    ['restore', 64, 'Name the folder of a backup.'],
    ['link --email', 64, "Option '--email <value>' argument missing"],
  ])('“roost %s” ends with %d and one sentence', async (command, exit, sentence) => {
    const said = await terminal.type(command);
    expect(said.exit).toBe(exit);
    expect(said.err).toContain(sentence);
    expect(said.err.split('\n')).toHaveLength(1);
    expect(said.out).toBe('');
  });

  test('a setting that cannot be used ends any command with 78', async () => {
    for (const command of ['', 'start', 'link', 'token create --name x', 'member add a@b.test']) {
      const said = await terminal.type(command, { env: { ROOST_PORT: 'http' } });
      expect([said.exit, said.err]).toEqual([78, 'roost: ROOST_PORT (“http”) is not a whole number.']);
    }
  });

  test('a store that cannot be opened is told in a sentence', async () => {
    const said = await terminal.type('link', { env: { ROOST_DATA: '/dev/null/roost' } });
    expect(said.exit).toBe(1);
    expect(said.err).toMatch(/^roost: .*cannot be opened/);
  });
});

describe('roost help and roost version', () => {
  test('name every command, and the version', async () => {
    const { exit, out } = await terminal.type('help');
    expect(exit).toBe(0);
    for (const name of [
      'start',
      'doctor',
      'link',
      'token',
      'member',
      'ingest',
      'backup',
      'restore',
      'version',
    ])
      expect(out).toContain(name);
    expect((await terminal.type('version')).out).toMatch(/^\d+\.\d+\.\d+$/);
    expect((await terminal.type('--version')).exit).toBe(0);
  });
});

describe('roost link', () => {
  test('signs the owner in, before the server ever ran', async () => {
    const said = await terminal.type('link', { env: { ROOST_PUBLIC_URL: 'https://mail.example.org' } });
    expect(said).toMatchObject({ exit: 0, err: '' });
    expect(said.out).toMatch(/^https:\/\/mail\.example\.org\/sign-in#link=[A-Za-z0-9_-]{43}$/);
  });

  test('for nobody we know says so', async () => {
    const said = await terminal.type('link --email x@y.test');
    expect([said.exit, said.err]).toEqual([1, 'roost: There is no member x@y.test.']);
  });
});

describe('roost token create', () => {
  test('prints a token that only its digest is kept of', async () => {
    const said = await terminal.type('token create --name app --scopes ingest');
    expect(said.out).toMatch(/^rt_[A-Za-z0-9_-]{43}$/);
    const found = await stored((bus) =>
      bus.query(queries.findApiToken, { org: '', actor: system, input: { hash: hashSecret(said.out) } }),
    );
    expect(found).toMatchObject({ role: 'owner', scopes: ['ingest'] });
  });
});

describe('roost member', () => {
  test('adds somebody with a link, and removes them', async () => {
    const added = await terminal.type('member add Eve@Roost.test --role viewer');
    expect(added.out).toMatch(/\/sign-in#link=/);
    expect(await emails()).toEqual(['owner owner@localhost', 'viewer eve@roost.test']);
    expect((await terminal.type('member add eve@roost.test')).err).toContain(
      'There is a member with this address',
    );
    expect((await terminal.type('member remove eve@roost.test')).exit).toBe(0);
    expect(await emails()).toEqual(['owner owner@localhost']);
  });

  test('keeps the last owner', async () => {
    const said = await terminal.type('member remove owner@localhost');
    expect([said.exit, said.err]).toEqual([1, 'roost: The last owner cannot be removed.']);
  });
});

describe('roost org', () => {
  test('founds another organisation beside the first, with members and tokens of its own', async () => {
    const made = await terminal.type('org create Acme --owner ann@acme.test --mail-domains acme.example');
    expect([made.exit, made.err]).toEqual([0, '']);
    expect(made.out).toMatch(/^Founded acme\.\n.*\/sign-in#link=/);
    expect((await terminal.type('org list')).out).toBe('main  Roost\nacme  Acme');
    expect((await terminal.type('member add bob@acme.test --org acme')).exit).toBe(0);
    expect((await terminal.type('member list --org acme')).out).toBe(
      'owner   ann@acme.test\nagent   bob@acme.test',
    );
    expect(await emails()).toEqual(['owner owner@localhost']);
    expect((await terminal.type('token create --name ci --org acme')).exit).toBe(0);
    expect((await terminal.type('token list --org acme')).out).toMatch(/ {2}read,ingest {2}ci$/);
    expect((await terminal.type('token list')).out).toBe('');
    const [id] = (await terminal.type('token list --org acme')).out.split(' ');
    expect((await terminal.type(`token revoke ${id}`)).err).toContain('There is no such token');
    expect((await terminal.type(`token revoke ${id} --org acme`)).exit).toBe(0);
  });

  test('takes no mail of another organisation, and no id that is taken, and leaves nothing behind', async () => {
    const taken = await terminal.type('org create Other --owner a@b.test --mail-domains localhost');
    expect([taken.exit, taken.err]).toEqual([1, 'roost: Mail for localhost goes to another organisation.']);
    const twice = await terminal.type('org create main --owner a@b.test');
    expect(twice.err).toContain('There is such an organisation already.');
    expect((await terminal.type('org list')).out).toBe('main  Roost');
  });

  test('says whose tokens an organisation takes, and whose no longer', async () => {
    const file = `${terminal.data}/secret`;
    await writeFile(file, 'a secret of the host, long enough for HS256\n');
    const said = await terminal.type(`org trust main --issuer https://shop.example --secret-file ${file}`);
    expect(said.out).toBe('main takes tokens of https://shop.example for roost, up to agent.');
    expect((await terminal.type('org distrust main')).out).toContain('trusts no host');
  });
});

describe('roost member invite', () => {
  test('prints a link that makes somebody a member once they accept', async () => {
    const said = await terminal.type('member invite eve@roost.test --role viewer');
    expect(said.out).toMatch(/\/join#invitation=[A-Za-z0-9_-]{43}$/);
    expect(await emails()).toEqual(['owner owner@localhost']);
  });

  test('changes roles, bars and lets in again', async () => {
    await terminal.type('member add eve@roost.test');
    expect((await terminal.type('member role eve@roost.test --role admin')).out).toBe(
      'eve@roost.test is admin now.',
    );
    expect((await terminal.type('member deactivate eve@roost.test')).exit).toBe(0);
    expect((await terminal.type('member list')).out).toContain('admin   eve@roost.test  (deactivated)');
    expect((await terminal.type('link --email eve@roost.test')).err).toContain('deactivated');
    expect((await terminal.type('member reactivate eve@roost.test')).exit).toBe(0);
    const last = await terminal.type('member deactivate owner@localhost');
    expect(last.err).toBe('roost: The last owner cannot be deactivated.');
  });
});

describe('roost ingest', () => {
  test('stores a mail, and a repeat of it once', async () => {
    const mail = `Message-ID: <1@example.org>\r\n${MAIL}`;
    for (let at = 0; at < 2; at += 1) {
      expect(await terminal.type('ingest --rcpt bob@qa.test', { stdin: mail })).toEqual({
        exit: 0,
        out: '',
        err: '',
      });
    }
    expect(await subjects()).toEqual(['Piped']);
  });

  test('no mail at all is the fault of who calls', async () => {
    const said = await terminal.type('ingest --rcpt bob@qa.test', { stdin: '' });
    expect([said.exit, said.err]).toEqual([65, 'roost: The mail is empty.']);
  });

  test.each([
    ['for nobody', 'ingest --rcpt x@nowhere.example', {}, 67],
    ['larger than allowed', 'ingest --rcpt bob@qa.test', { ROOST_MAIL_MAX_BYTES: '1024' }, 65],
    ['while our settings are wrong', 'ingest --rcpt bob@qa.test', { ROOST_PORT: 'x' }, 75],
    ['while the store cannot be opened', 'ingest --rcpt bob@qa.test', { ROOST_DATA: '/dev/null/roost' }, 75],
  ])('a mail %s tells the mail server what to do', async (_what, command, env, exit) => {
    const said = await terminal.type(command, { env, stdin: `${MAIL}${'x'.repeat(2000)}` });
    expect(said.exit).toBe(exit);
    expect(said.err).toMatch(/^roost: \S/);
  });
});

describe('roost backup and roost restore', () => {
  test('carry everything to another place, once', async () => {
    await terminal.type('ingest --rcpt bob@qa.test', { stdin: MAIL });
    const folder = `${terminal.data}-backup`;
    expect((await terminal.type(`backup ${folder}`)).exit).toBe(0);
    expect((await terminal.type(`backup ${folder}`)).exit).toBe(1);
    expect((await terminal.type(`restore ${folder}`)).err).toMatch(/^roost: \S[^\n]*$/);
    const elsewhere = await openTerminal();
    expect((await elsewhere.type(`restore ${folder}`)).exit).toBe(0);
    await terminal.remove();
    terminal = elsewhere;
    expect(await subjects()).toEqual(['Piped']);
    await rm(folder, { recursive: true });
  });
});

describe('roost doctor', () => {
  const report = async (env: Record<string, string> = {}) => {
    const { exit, out } = await terminal.type('doctor', { env });
    const lines = out.split('\n').filter((line) => /^(ok|warn|fail) /.test(line));
    return { exit, out, found: (what: string) => lines.find((line) => line.slice(6).startsWith(what)) ?? '' };
  };

  test('finds a fresh machine well, and makes nothing', async () => {
    const { exit, out, found } = await report();
    expect(out.split('\n').filter((line) => line.startsWith('fail'))).toEqual([]);
    expect(exit).toBe(0);
    expect(found('data folder')).toMatch(/^ok +data folder +It can be written to\./);
    expect(found('database')).toContain('its tables are made at the first start');
    expect(found('Redis')).toContain('Not needed');
    expect(found('clock')).toContain(new Date(systemClock.now()).toISOString().slice(0, 10));
  });

  test('prints every setting, and no secret', async () => {
    const { out } = await report({ ROOST_OWNER_PASSWORD: 'hunter2', ROOST_HOST: '127.0.0.1' });
    expect(out).toMatch(/^ROOST_HOST +127\.0\.0\.1$/m);
    expect(out).toMatch(/^ROOST_MAIL_DOMAINS +localhost,\*\.test,\*\.localhost {2}\(default\)$/m);
    expect(out).toMatch(/^ROOST_OWNER_PASSWORD +\(set, not shown\)$/m);
    expect(out).not.toContain('hunter2');
  });

  test('knows a store that was used', async () => {
    await terminal.type('link');
    expect((await report()).found('database')).toMatch(/reachable, schema \d{4}-/);
  });

  test.each([
    [
      'a port that is taken',
      'web port',
      async (port: string) => ({ ROOST_PORT: port }),
      /^fail .*by another program/,
    ],
    [
      'a folder we may not write to',
      'data folder',
      async () => ({ ROOST_DATA: '/dev/null/roost' }),
      /^fail /,
    ],
    [
      'a database that does not answer',
      'database',
      async () => ({ ROOST_DATABASE_URL: 'postgres://u:hunter2@127.0.0.1:1/x' }),
      /^fail .*ECONNREFUSED/,
    ],
    [
      'a Redis that does not answer',
      'Redis',
      async () => ({ ROOST_REDIS_URL: 'redis://127.0.0.1:1' }),
      /^warn .*ECONNREFUSED/,
    ],
    [
      'a misspelled setting',
      'settings',
      async () => ({ ROOST_PROT: '1' }),
      /^warn .*ROOST_PROT is no setting/,
    ],
    [
      'a certificate that is none',
      'certificate',
      async () => ({ ROOST_TLS_KEY: '/dev/null', ROOST_TLS_CERT: '/dev/null' }),
      /^fail /,
    ],
  ])('finds %s', async (_what, part, env, says) => {
    const server = await silentServer();
    const { exit, out, found } = await report(await env(String(server.port)));
    expect(found(part)).toMatch(says);
    expect(exit).toBe(found(part).startsWith('fail') ? 1 : 0);
    expect(out).not.toContain('hunter2');
    await server.close();
  });
});

const postgres = inject('postgresUrl');
describe.skipIf(postgresMissing(postgres))('with PostgreSQL', () => {
  let database: Awaited<ReturnType<typeof freshPostgres>>;
  beforeEach(async () => {
    database = await freshPostgres(postgres as string);
  });
  afterEach(() => database.drop());

  test('roost doctor knows an empty one, leaves it so, and knows one that was used', async () => {
    const env = { ROOST_DATABASE_URL: database.url };
    for (let at = 0; at < 2; at += 1) {
      const { exit, out } = await terminal.type('doctor', { env });
      expect(out).toMatch(
        /^ok +database +PostgreSQL \d+.*: empty, its tables are made at the first start\.$/m,
      );
      expect(out).toMatch(/^ok +clock of the database +It agrees with ours\.$/m);
      expect(out).toMatch(/^ok +Redis +Not set;/m);
      expect(exit).toBe(0);
    }
    expect((await terminal.type('ingest --rcpt bob@qa.test', { env, stdin: MAIL })).exit).toBe(0);
    const { out } = await terminal.type('doctor', { env });
    expect(out).toMatch(/^ok +database +PostgreSQL .*reachable, schema \d{4}-/m);
  });
});

/** Something that listens and is not ours. */
async function silentServer(): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer((_request, response) => response.end('other'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port');
  return {
    port: address.port,
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}
