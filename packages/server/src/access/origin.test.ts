import { expect, test } from 'vitest';
import { OriginRule } from './origin.ts';

const rule = new OriginRule(['https://app.example.org']);

test.each([
  ['its own page', 'http://roost.test:8080', 'roost.test:8080', true],
  ['its own page behind a proxy that speaks HTTPS', 'https://roost.test', 'roost.test', true],
  ['a host written in capitals', 'http://roost.test:8080', 'Roost.TEST:8080', true],
  ['a named other page', 'https://app.example.org', 'roost.test:8080', true],
  ['a program, which sends none', undefined, 'roost.test:8080', true],
  ['another port of the same host', 'http://roost.test:9090', 'roost.test:8080', false],
  ['a named one by another scheme', 'http://app.example.org', 'roost.test:8080', false],
  ['one that begins alike', 'https://app.example.org.evil.example', 'roost.test:8080', false],
  ['a sandboxed page', 'null', 'roost.test:8080', false],
  ['nonsense', 'roost.test:8080', 'roost.test:8080', false],
  ['a request without a host', 'http://roost.test', undefined, false],
])('%s', (_what, origin, host, isPermitted) => {
  expect(rule.permits(origin, host)).toBe(isPermitted);
});
