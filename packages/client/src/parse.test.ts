import type { DownFrame } from '@roost/protocol';
import { downFrame } from '@roost/protocol/schema';
import { describe, expect, test } from 'vitest';
import { parseFrame, parseList } from './parse.ts';
import { seededRandom } from './testing/fake-clock.ts';

const row = { id: 'm1', version: 3, subject: 'x' };
const rows = { rows: [row], next: null, has_more: false, cursor: 'e1.3' };
const changes = { prev: 1, offset: 3, added: [row], updated: [], deleted: ['m0'] };
const frames: DownFrame[] = [
  { type: 'connected', user_id: 'u', org_id: 'o', cursor: 'e1.3', heartbeat_ms: 25_000, frames: 0 },
  { type: 'snapshot', id: 's1', channel: 'inbox', ...rows, etag: '"e1.3"' },
  { type: 'page', id: 'q1', channel: 'inbox', key: 'inbox?filter=a', ...rows, next: 'm1', has_more: true },
  { type: 'delta', channel: 'me', key: 'me:u', ...changes, etag: '"e1.3"' },
  { type: 'batch', frames: 2 },
  { type: 'ack', id: 'q1', offset: 4 },
  { type: 'ping', cursor: 'e1.3' },
  { type: 'presence', user_id: 'u', state: 'online', lifetime_ms: 1 },
  { type: 'typing', scope: 'inbox', user_id: 'u', lifetime_ms: 1 },
  { type: 'drain', retry_after_ms: 1 },
  { type: 'error', code: 'server.failed', message: 'x', remedy: 'retry' },
];

describe('frames', () => {
  test.each(frames.map((frame) => [frame.type, frame] as const))('%s is read as it was sent', (_, frame) => {
    expect(parseFrame(JSON.stringify(frame))).toEqual(frame);
  });

  test('whatever is broken in a frame, it is never taken for whole by this side and refused by the schema', () => {
    const random = seededRandom(5);
    const spoils = [null, undefined, -1, 1.5, 'x', '', true, [], {}, [null], [{ id: 1 }], 2 ** 60];
    let refused = 0;
    for (let run = 0; run < 3_000; run += 1) {
      const frame = { ...(frames[Math.floor(random() * frames.length)] as DownFrame) } as Record<
        string,
        unknown
      >;
      const fields = Object.keys(frame).filter((field) => field !== 'type');
      const field = fields[Math.floor(random() * fields.length)] as string;
      frame[field] = spoils[Math.floor(random() * spoils.length)];
      const read = parseFrame(JSON.stringify(frame));
      if (read === null) refused += 1;
      // Words the schema names one by one are left open here: a newer server may know more of them.
      else if (field !== 'state' && field !== 'remedy')
        expect(downFrame.safeParse(JSON.parse(JSON.stringify(frame))).success, JSON.stringify(frame)).toBe(
          true,
        );
    }
    expect(refused).toBeGreaterThan(1_000);
  });

  test.each([
    ['half a frame', '{"type":"pi'],
    ['no object', '"ping"'],
    ['null', 'null'],
    ['no type', '{"cursor":"e1.1"}'],
    ['a binary frame', new Uint8Array(2)],
    ['more frames together than anybody means', '{"type":"batch","frames":1000000000}'],
  ])('%s is none', (_, data) => {
    expect(parseFrame(data)).toBeNull();
  });

  test('a type of its own kind is unknown, and so are names that every object has', () => {
    expect(parseFrame('{"type":"weather"}')).toEqual({ type: 'unknown' });
    expect(parseFrame('{"type":"constructor"}')).toEqual({ type: 'unknown' });
  });
});

test('an answer over HTTP is a page, a delta, or nothing', () => {
  expect(parseList(rows)).toBe(rows);
  const delta = { ...changes, cursor: 'e1.3' };
  expect(parseList(delta)).toBe(delta);
  for (const other of [null, 'x', {}, { ...rows, rows: [{ id: 1 }] }, { ...delta, prev: '1' }])
    expect(parseList(other)).toBeNull();
});
