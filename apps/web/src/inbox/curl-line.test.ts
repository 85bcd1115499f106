import { expect, test } from 'vitest';
import { curlLine, firstAddress } from './curl-line.ts';

test('an address of a domain without a wildcard is preferred', () => {
  expect(firstAddress(['*.test', 'localhost'])).toBe('hello@localhost');
  expect(firstAddress(['*.test'])).toBe('hello@team.test');
  expect(firstAddress([])).toBe('hello@localhost');
});

test('the line can be pasted into a shell', () => {
  expect(curlLine('127.0.0.1', { mail_domains: ['localhost'], smtp_port: 2525 })).toBe(
    "printf 'From: Ann <ann@example.org>\\r\\nTo: hello@localhost\\r\\nSubject: First mail\\r\\n\\r\\nIt works.\\r\\n' " +
      '| curl -sS smtp://127.0.0.1:2525 --mail-from ann@example.org --mail-rcpt hello@localhost -T -',
  );
});
