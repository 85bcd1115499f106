import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Environment } from '../../config.ts';
import { runCommand } from '../index.ts';

export interface Said {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

/** Somebody at a terminal, with a data folder of their own. */
export interface Terminal {
  readonly data: string;
  type(command: string, given?: { env?: Environment; stdin?: string | Buffer }): Promise<Said>;
  remove(): Promise<void>;
}

export async function openTerminal(): Promise<Terminal> {
  const data = await mkdtemp(join(tmpdir(), 'roost-cli-'));
  return {
    data,
    async type(command, { env = {}, stdin = '' } = {}) {
      const out: string[] = [];
      const err: string[] = [];
      const exit = await runCommand(command === '' ? [] : command.split(' '), {
        env: { ROOST_DATA: data, ROOST_PORT: '0', ROOST_SMTP_PORT: '0', ...env },
        stdin: Readable.from([Buffer.from(stdin)]),
        out: (text) => void out.push(text),
        err: (text) => void err.push(text),
      });
      return { exit, out: out.join('\n'), err: err.join('\n') };
    },
    remove: () => rm(data, { recursive: true, force: true }),
  };
}
