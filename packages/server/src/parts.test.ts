import { expect, test } from 'vitest';
import { diskState } from './parts.ts';

const MIB = 2 ** 20;

test.each([
  [100 * 1024 * MIB, 'ok', '100.0 GiB free.'],
  [512 * MIB, 'ok', '512 MiB free.'],
  [511 * MIB, 'degraded', '511 MiB free.'],
  [64 * MIB, 'degraded', '64 MiB free.'],
  [64 * MIB - 1, 'failed', 'The disk is full: 63 MiB free.'],
  [0, 'failed', 'The disk is full: 0 MiB free.'],
])('%d bytes free are %s', (free, state, says) => {
  expect(diskState(free)).toEqual({ state, says });
});
