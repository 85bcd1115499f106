import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openTerminal, type Terminal } from './testing/terminal.ts';

const MAIL = 'From: Ann <ann@example.org>\r\nSubject: Piped\r\n\r\nHello.\r\n';

let terminal: Terminal;
beforeEach(async () => {
  terminal = await openTerminal();
});
afterEach(() => terminal.remove());

const place = (name: string) => join(terminal.data, name);

describe('roost backup and roost restore', () => {
  test('say what they do, table by table', async () => {
    await terminal.type('ingest --rcpt bob@qa.test', { stdin: MAIL });
    const made = await terminal.type(`backup ${place('b')}`);
    expect([made.exit, made.err]).toEqual([0, '']);
    expect(made.out).toMatch(/^message: 1$/m);
    expect(made.out).toMatch(/^blobs: 1 of 1$/m);
    const restored = await terminal.type(`restore ${place('b')}`, { env: { ROOST_DATA: place('new') } });
    expect([restored.exit, restored.err]).toEqual([0, '']);
    expect(restored.out).toMatch(/^message: 1$/m);
    expect(restored.out).toMatch(/Everything is as it was at \d{4}-/);
  });

  test.each([
    ['backup', 64, 'Name one new folder.'],
    ['backup a b', 64, 'Name one new folder.'],
    ['restore', 64, 'Name the folder of a backup.'],
    ['backup --fast x', 64, "Unknown option '--fast'"],
    ['restore /nowhere/at/all', 1, 'holds no backup'],
  ])('“roost %s” ends with %d and one sentence', async (command, exit, sentence) => {
    const said = await terminal.type(command);
    expect(said.exit).toBe(exit);
    expect(said.err).toContain(sentence);
    expect(said.err.split('\n')).toHaveLength(1);
  });

  test('a backup of nothing makes no store', async () => {
    const said = await terminal.type(`backup ${place('b')}`, { env: { ROOST_DATA: place('empty') } });
    expect(said.exit).toBe(1);
    expect(said.err).toMatch(/^roost: The database .*cannot be opened/);
    expect(await readdir(place('empty'))).toEqual([]);
  });

  test('a store that somebody founded is not restored into', async () => {
    await terminal.type('link');
    await terminal.type(`backup ${place('b')}`);
    const said = await terminal.type(`restore ${place('b')}`);
    expect([said.exit, said.err]).toEqual([
      1,
      'roost: The store is not empty: a backup is restored into an empty one only.',
    ]);
  });
});
