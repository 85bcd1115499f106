import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const LEFT_OUT = ['node_modules', 'dist', '.git'];

/** Numbers of `docs/protocol.md`. */
const rules = numbers(readFileSync(join(ROOT, 'docs/protocol.md'), 'utf8'), /^\| \*\*([A-Z]\d+)\*\* \|/gm);

/** Numbers that the names of tests quote, as `[R1]`. */
const quoted = new Set(
  ['packages', 'apps', 'e2e'].flatMap((folder) =>
    files(join(ROOT, folder))
      .filter((file) => /\.test\.tsx?$|\/testing\/.*\.ts$/.test(file))
      .flatMap((file) => [...numbers(readFileSync(file, 'utf8'), /\[([A-Z]\d+)\]/g)]),
  ),
);

/** Numbers that the code speaks of, as `(rule R1)`. */
const spokenOf = new Set(
  files(join(ROOT, 'packages'))
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => [...numbers(readFileSync(file, 'utf8'), /\brules? ([A-Z]\d+)/g)]),
);

test('every rule of the protocol is quoted by a test', () => {
  expect(rules.size).toBeGreaterThan(30);
  expect([...rules].filter((rule) => !quoted.has(rule))).toEqual([]);
});

test('tests and code speak of no rule that is not written down', () => {
  expect([...quoted, ...spokenOf].filter((rule) => !rules.has(rule))).toEqual([]);
});

function numbers(text: string, pattern: RegExp): Set<string> {
  return new Set([...text.matchAll(pattern)].map(([, number]) => number as string));
}

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !LEFT_OUT.includes(name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? files(path) : entry.isFile() ? [path] : [];
    });
}
