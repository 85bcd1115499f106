import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatCursor, formatEtag, parseCursor, parseEtag } from './cursor.ts';

const cursors = fc.record({
  epoch: fc.stringMatching(/^[a-z0-9]{1,32}$/),
  offset: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
});

test('[E1] a cursor, and the ETag that it is, survive being written and read', () => {
  fc.assert(
    fc.property(cursors, (cursor) => {
      expect(parseCursor(formatCursor(cursor))).toEqual(cursor);
      expect(parseEtag(formatEtag(cursor))).toEqual(cursor);
      expect(parseEtag(` W/${formatEtag(cursor)} `)).toEqual(cursor);
    }),
  );
});

test.each([
  '',
  'e1',
  'e1.',
  '.1',
  'e1.01',
  'e1.-1',
  'e1.1.1',
  'E1.1',
  'e1.1 ',
  'e1.9007199254740993',
  `${'e'.repeat(33)}.1`,
])('[R2] “%s” is no cursor', (text) => {
  expect(parseCursor(text)).toBeNull();
});

test.each(['e1.1', '"e1.1', '*', 'W/e1.1', '"e1.1","e1.2"'])('“%s” is no ETag of ours', (text) => {
  expect(parseEtag(text)).toBeNull();
});
