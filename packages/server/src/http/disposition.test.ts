import { expect, test } from 'vitest';
import { attachmentNamed, safeContentType } from './disposition.ts';

test.each([
  ['report.pdf', 'attachment; filename="report.pdf"'],
  ['Zürich.pdf', `attachment; filename="Z_rich.pdf"; filename*=UTF-8''Z%C3%BCrich.pdf`],
  ['a"b\\c.txt', `attachment; filename="a_b_c.txt"; filename*=UTF-8''a%22b_c.txt`],
  ["it's (1)*.txt", `attachment; filename="it's (1)*.txt"`],
  ['50%.txt', `attachment; filename="50_.txt"; filename*=UTF-8''50%25.txt`],
  ['../../etc/passwd', 'attachment; filename="_.._etc_passwd"'],
  ['invoice\u202Efdp.exe', 'attachment; filename="invoicefdp.exe"'],
  ['half \ud83d', 'attachment; filename="half"'],
  ['😀', `attachment; filename="__"; filename*=UTF-8''%F0%9F%98%80`],
  ['', 'attachment; filename="attachment"'],
  ['...', 'attachment; filename="attachment"'],
])('%j becomes a header that is safe and names it', (filename, header) => {
  expect(attachmentNamed(filename)).toBe(header);
});

test('a name has an end', () => {
  expect(attachmentNamed('x'.repeat(5000)).length).toBeLessThan(300);
});

test.each([
  ['image/png', 'image/png'],
  ['application/vnd.ms-excel', 'application/vnd.ms-excel'],
  ['text/html; charset=utf-8', 'application/octet-stream'],
  ['text/html\r\nX: y', 'application/octet-stream'],
  ['', 'application/octet-stream'],
])('the type %j is sent as %s', (written, sent) => {
  expect(safeContentType(written)).toBe(sent);
});
