import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { freePort } from './world/roost.ts';
import { until } from './world/until.ts';

const COMMAND = fileURLToPath(new URL('../packages/server/bin/roost.js', import.meta.url));
const TALKING_MS = 60_000;

interface Conversation {
  readonly status: string;
  readonly inbox_id: string;
  readonly labels: readonly string[];
}

test('the demo has a team answer mail, WhatsApp and chat, and leaves nothing behind', async () => {
  const scratch = await mkdtemp(join(tmpdir(), 'roost-e2e-'));
  const port = await freePort();
  const child = spawn(process.execPath, [COMMAND, 'demo', '--pace', '30'], {
    env: { ...process.env, TMPDIR: scratch, ROOST_PORT: String(port), ROOST_SMTP_PORT: '0' },
  });
  let output = '';
  const take = (chunk: Buffer) => {
    output += chunk.toString();
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  try {
    await until('the demo is live', () => {
      if (child.exitCode !== null) throw new Error(`It ended: ${output}`);
      return output.includes('Ctrl+C ends');
    });
    expect(await readdir(scratch)).toHaveLength(1);
    const url = `http://127.0.0.1:${port}`;
    const password = /ana@demo\.test +(\S+)/.exec(output)?.[1];
    const signedIn = await fetch(`${url}/api/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'ana@demo.test', password }),
    });
    const { access_token } = (await signedIn.json()) as { access_token: string };
    const list = async (path: string) => {
      const answer = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${access_token}` } });
      return ((await answer.json()) as { rows: never[] }).rows;
    };
    const inboxes: { id: string; kind: string }[] = await list('/api/v1/inboxes');
    const kindOf = new Map(inboxes.map(({ id, kind }) => [id, kind]));
    await until(
      'all three ways are used, and something is answered and closed',
      async () => {
        const rows: Conversation[] = await list('/api/v1/conversations?view=all');
        const kinds = new Set(rows.map(({ inbox_id }) => kindOf.get(inbox_id)));
        return (
          kinds.size === 3 && rows.some(({ status, labels }) => status === 'closed' && labels.length > 0)
        );
      },
      TALKING_MS,
    );
    child.kill('SIGINT');
    const [code] = await once(child, 'exit');
    expect([code, await readdir(scratch)]).toEqual([0, []]);
    expect(output).not.toContain('did not get through');
  } finally {
    child.kill('SIGKILL');
    await rm(scratch, { recursive: true, force: true });
  }
});
