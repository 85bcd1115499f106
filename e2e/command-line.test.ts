import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openReader } from './world/reader.ts';
import { type Roost, signIn, startRoost, storedSubjects } from './world/roost.ts';
import { until } from './world/until.ts';

const COMMAND = fileURLToPath(new URL('../packages/server/bin/roost.js', import.meta.url));

/** What people type, beside a running server and without one. */
describe('the command line', () => {
  let roost: Roost;
  beforeAll(async () => {
    roost = await startRoost();
  });
  afterAll(() => roost.remove());

  async function run(
    args: string[],
    input = '',
    data = roost.data,
  ): Promise<{ code: number; out: string; err: string }> {
    const child = spawn(process.execPath, [COMMAND, ...args], {
      env: {
        ...process.env,
        ROOST_DATA: data,
        ROOST_PORT: String(roost.port),
        ROOST_SMTP_PORT: String(roost.smtpPort),
      },
    });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      err += chunk;
    });
    child.stdin.end(input);
    const code = await new Promise<number>((resolve) => child.on('close', (ended) => resolve(ended ?? -1)));
    return { code, out, err };
  }

  const mail = (subject: string) => `From: Pipe <pipe@example.org>\nSubject: ${subject}\n\nBy the pipe.\n`;

  test('a piped mail reaches the open screens of the running server', async () => {
    const reader = await openReader(roost.url, { token: await signIn(roost) });
    expect(await run(['ingest', '--rcpt', 'bob@qa.test'], mail('Piped'))).toMatchObject({ code: 0 });
    await until('the reader heard of it', () => reader.subjects().includes('Piped'));
    reader.socket.close();
  });

  test('an address nobody takes is EX_NOUSER, wrong usage is EX_USAGE, an empty mail is EX_DATAERR', async () => {
    expect((await run(['ingest', '--rcpt', 'bob@elsewhere.example'], mail('Lost'))).code).toBe(67);
    expect((await run(['ingest'], mail('Lost'))).code).toBe(64);
    expect((await run(['ingest', '--rcpt', 'bob@qa.test'], '')).code).toBe(65);
    expect((await run(['ingest', '--rcpt', 'not an address'], mail('Lost'))).code).toBeGreaterThan(0);
  });

  test('an API token made by hand opens what its scopes name, and nothing else', async () => {
    const { out, code } = await run(['token', 'create', '--name', 'ci', '--scopes', 'ingest']);
    expect(code).toBe(0);
    const token = out.trim();
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': 'k1',
    };
    const post = () =>
      fetch(`${roost.url}/api/v1/ingest/messages`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ to: 'bob@qa.test', from: 'ci@example.org', subject: 'By token' }),
      });
    const first = await post();
    expect(first.status).toBe(201);
    expect(await (await post()).json()).toEqual(await first.json());
    expect((await storedSubjects(roost)).filter((subject) => subject === 'By token')).toHaveLength(1);
    const read = (query: string, etag = '') =>
      fetch(`${roost.url}/api/v1/inbox${query}`, {
        headers: { authorization: `Bearer ${token}`, 'if-none-match': etag },
      });
    const owner = await openReader(roost.url, { token: await signIn(roost) });
    const cursor = String(owner.frames[0]?.cursor);
    owner.socket.close();
    expect((await read('')).status).toBe(403);
    expect((await read(`?since=${cursor}`)).status).toBe(403);
    expect((await read('', `"${cursor}"`)).status).toBe(403);
    const socket = await openReader(roost.url, { token, cursor });
    expect(await socket.closed()).toBe(4003);
    expect(socket.frames.map(({ type }) => type)).toEqual(['error']);
  });

  test('doctor prints every setting and finds nothing wrong', async () => {
    const { code, out } = await run(['doctor']);
    expect(out).toMatch(/ROOST_MAIL_DOMAINS/);
    expect(out).not.toContain('a long enough password');
    expect(code).toBe(0);
  });

  test('a backup restored elsewhere holds the same mail, under a new epoch', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'roost-backup-'));
    try {
      const before = await storedSubjects(roost);
      expect(before.length).toBeGreaterThan(0);
      expect(await run(['backup', join(folder, 'backup')])).toMatchObject({ code: 0 });
      const elsewhere = join(folder, 'data');
      expect(await run(['restore', join(folder, 'backup')], '', elsewhere)).toMatchObject({ code: 0 });
      const again = await run(['restore', join(folder, 'backup')], '', elsewhere);
      expect(again.code).not.toBe(0);
      const restored = await startRoost({ ROOST_DATA: elsewhere });
      try {
        expect(await storedSubjects(restored)).toEqual(before);
        const [old, fresh] = await Promise.all(
          [roost, restored].map(async (server) => openReader(server.url, { token: await signIn(server) })),
        );
        const epoch = (reader: typeof old) => String(reader?.frames[0]?.cursor).split('.')[0];
        expect(epoch(fresh)).not.toBe(epoch(old));
        old?.socket.close();
        fresh?.socket.close();
      } finally {
        await restored.remove();
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
