import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openTerminal, type Terminal } from './testing/terminal.ts';

let terminal: Terminal;
beforeEach(async () => {
  terminal = await openTerminal();
});
afterEach(() => terminal.remove());

describe('roost inbox', () => {
  test('adds a WhatsApp number, and never shows its keys again', async () => {
    const file = join(terminal.data, 'token');
    await writeFile(file, 'very-secret-token\n');
    const added = await terminal.type(
      `inbox add whatsapp --phone-number-id 106540352242922 --name Shop --token @${file} --app-secret sesame --verify-token v`,
    );
    expect(added).toMatchObject({ exit: 0, err: '' });
    expect(added.out).toContain('/webhooks/whatsapp');
    const listed = await terminal.type('inbox list');
    expect(listed.out).toMatch(/whatsapp {2}106540352242922 {2}Shop/);
    expect(added.out + listed.out).not.toMatch(/very-secret-token|sesame/);
    const again = await terminal.type(
      'inbox add whatsapp --phone-number-id 106540352242922 --token t --app-secret s',
    );
    expect(again).toMatchObject({ exit: 1, err: expect.stringContaining('goes elsewhere already') });
  });

  test('adds mail and API inboxes', async () => {
    expect(await terminal.type('inbox add mail --address help@desk.example --restricted')).toMatchObject({
      exit: 0,
    });
    expect(await terminal.type('inbox add api --name Chat')).toMatchObject({ exit: 0 });
    expect((await terminal.type('inbox list')).out).toContain('help@desk.example  (members only)');
  });

  test.each([
    ['inbox', 'Say “roost inbox list”'],
    ['inbox add pigeon', 'whatsapp, mail, api'],
    ['inbox add mail', 'Say which address'],
    ['inbox add whatsapp --token t --app-secret s', '--phone-number-id'],
    ['inbox add whatsapp --phone-number-id 1', 'needs “--token”'],
    [
      'inbox add whatsapp --phone-number-id 1 --token @/no/such/file --app-secret s',
      'cannot be read (ENOENT)',
    ],
    ['simulate', 'Say “roost simulate whatsapp”.'],
    ['simulate whatsapp --port x', '“--port” is a whole number'],
    ['simulate whatsapp --target here', '“--target” is the URL'],
    ['simulate whatsapp --duplicates many', '“--duplicates” is a share'],
  ])('“roost %s” ends with one sentence', async (command, sentence) => {
    const said = await terminal.type(command);
    expect(said).toMatchObject({ exit: 64, out: '' });
    expect(said.err).toContain(sentence);
    expect(said.err.split('\n')).toHaveLength(1);
  });
});

test('roost simulate whatsapp says how to join it, and what became of what it said', async () => {
  const server = createServer((request, response) => {
    request.resume();
    response.end(new URL(request.url ?? '/', 'http://x').searchParams.get('hub.challenge') ?? '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const target = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  const said = await terminal.type(`simulate whatsapp --port 0 --target ${target} --say Hello --once`);
  server.closeAllConnections();
  server.close();
  expect(said).toMatchObject({ exit: 0, err: '' });
  expect(said.out).toContain('ROOST_WHATSAPP_URL=http://127.0.0.1:');
  expect(said.out).toContain('roost inbox add whatsapp --phone-number-id');
  expect(said.out).toContain('The webhook was answered 200.');
});
