import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import * as schemas from './schema.ts';
import { PROTOCOL_VERSION, SUBPROTOCOL } from './version.ts';

/** Of all shapes on the wire, by version. A released line is never edited: another shape is another version. */
const fingerprints: Readonly<Record<number, string>> = {
  1: '57a7f78039b1a55c',
};

test('a shape that changes takes a new version with it', () => {
  expect(fingerprintOfShapes()).toBe(fingerprints[PROTOCOL_VERSION]);
});

test('each version has its line of history, in the code and on the page', () => {
  const code = readFileSync(new URL('./version.ts', import.meta.url), 'utf8');
  const page = readFileSync(new URL('../../../docs/protocol.md', import.meta.url), 'utf8');
  for (let version = 1; version <= PROTOCOL_VERSION; version += 1) {
    expect(code).toMatch(new RegExp(`^ \\* ${version}  \\S`, 'm'));
    expect(page).toMatch(new RegExp(`^\\| ${version} \\| \\S`, 'm'));
  }
  expect(SUBPROTOCOL).toBe(`roost.v${PROTOCOL_VERSION}`);
});

/** Of what may be sent and what may be stored, as JSON Schema; words about it do not count. */
function fingerprintOfShapes(): string {
  const written = Object.entries(schemas)
    .filter(([, shape]) => shape instanceof z.ZodType)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, shape]) => [name, z.toJSONSchema(shape as z.ZodType, { io: 'input' })]);
  return createHash('sha256').update(JSON.stringify(written)).digest('hex').slice(0, 16);
}
