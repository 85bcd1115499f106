import { expect, test } from 'vitest';
import { snippetBeside } from './snippet.ts';

test.each([
  ['Invoice 12', 'Hello Bob, the invoice', 'Hello Bob, the invoice'],
  ['Invoice 12', 'Invoice 12', ''],
  ['Invoice 12', 'invoice 12: due on Friday', 'due on Friday'],
  ['Invoice 1', 'Invoice 12 is due', 'Invoice 12 is due'],
  ['', 'Hello', 'Hello'],
  ['Hello', '', ''],
])('beside “%s”, “%s” is shown as “%s”', (subject, snippet, shown) => {
  expect(snippetBeside(subject, snippet)).toBe(shown);
});
