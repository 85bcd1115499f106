import { Failure } from '@roost/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPayload } from './payload.ts';
import { ANN, fromAnn, metadata, webhook } from './testing/envelope.ts';
import { samples } from './testing/payloads.ts';

describe('what a webhook tells', () => {
  test.each(samples.map((sample) => [sample.name, sample] as const))('%s', (_name, { body, tells }) => {
    // As it comes: through JSON, so that nothing is here that a wire cannot carry.
    const read = readPayload(JSON.parse(JSON.stringify(body)));
    expect(read).toHaveLength(tells.length);
    expect(read).toMatchObject(tells);
  });

  test('the corpus holds at least thirty kinds', () => {
    expect(samples.length).toBeGreaterThanOrEqual(30);
    expect(new Set(samples.map(({ name }) => name)).size).toBe(samples.length);
  });
});

describe('bounds', () => {
  test('a text is cut where no channel takes more', () => {
    const [read] = readPayload(fromAnn({ type: 'text', text: { body: 'x'.repeat(50_000) } }));
    expect(read).toMatchObject({ content: { kind: 'text', body: 'x'.repeat(20_000) } });
  });

  test('what is not understood is kept, cut', () => {
    const [read] = readPayload(fromAnn({ type: 'new', new: { text: 'y'.repeat(100_000) } }));
    expect(read).toMatchObject({ content: { kind: 'unknown' } });
    expect(JSON.stringify(read).length).toBeLessThan(40_000);
  });

  test('what is nested deeper than a stack is told of, not lost and not fatal', () => {
    const deep = JSON.parse(`${'['.repeat(200_000)}${']'.repeat(200_000)}`);
    expect(readPayload(webhook({ metadata, messages: [deep] }))).toMatchObject([
      { what: 'unknown', raw: '"(too deeply nested to be kept)"' },
    ]);
  });

  test('a call with more than could be acknowledged at once is refused whole', () => {
    const messages = Array.from({ length: 5_001 }, (_, index) => ({
      from: ANN,
      id: `m${index}`,
      type: 'text',
    }));
    expect(() => readPayload(webhook({ metadata, messages }))).toThrow(
      expect.objectContaining({ code: 'request.too_big' }),
    );
    expect(readPayload(webhook({ metadata, messages: messages.slice(0, 5_000) }))).toHaveLength(5_000);
  });

  test.each([null, 7, 'text', [], true])('%j is no webhook', (body) => {
    expect(() => readPayload(body)).toThrow(Failure);
  });
});

test('whatever JSON comes, every message and status in a list is told of once, and nothing throws but a refusal', () => {
  const anything = fc.jsonValue({ maxDepth: 4 });
  const known = fc.constantFrom(
    'text',
    'image',
    'contacts',
    'order',
    'interactive',
    'reaction',
    'edit',
    'zzz',
  );
  const message = fc
    .tuple(
      known,
      fc.dictionary(fc.constantFrom('id', 'from', 'type', 'timestamp', 'context', 'errors'), anything),
      anything,
    )
    .map(([type, fields, content]) => ({ id: 'w', from: ANN, type, [type]: content, ...fields }));
  const list = fc.array(fc.oneof(message, anything), { maxLength: 5 });
  fc.assert(
    fc.property(list, list, anything, (messages, statuses, contacts) => {
      const read = readPayload(webhook({ metadata, messages, statuses, contacts }));
      expect(read).toHaveLength(Math.max(1, messages.length + statuses.length));
    }),
    { numRuns: 300 },
  );
});
