import type { Environment } from '../config.ts';

/** What a command has of the outside world. */
export interface Outside {
  readonly env: Environment;
  readonly stdin: NodeJS.ReadableStream;
  /** One line, or several, to whoever asked. */
  readonly out: (text: string) => void;
  /** One sentence about what is wrong. */
  readonly err: (text: string) => void;
}

export interface CliCommand {
  /** As it is typed, without the program's name. */
  readonly usage: string;
  readonly says: string;
  /** @returns the exit code @throws UsageError */
  run(args: readonly string[], outside: Outside): Promise<number>;
}

/** How it was called makes no sense. The message is one sentence. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What a command ends with: 0, 1, and those of sysexits.h that scripts tell apart. */
export const exits = {
  ok: 0,
  failed: 1,
  /** EX_USAGE */
  usage: 64,
  /** EX_SOFTWARE */
  software: 70,
  /** EX_CONFIG */
  config: 78,
} as const;
