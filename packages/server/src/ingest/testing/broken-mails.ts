import { hex, lines, mail, type OddMail, part } from './odd-mail.ts';

const multipart = (kind: string, boundary: string) =>
  `Content-Type: multipart/${kind}; boundary="${boundary}"`;

/** Not nested by a function that calls itself: it is deeper than a stack. */
function nested(depth: number): Buffer {
  const opening = Array.from({ length: depth }, (_, level) => [
    `--b${level}`,
    multipart('mixed', `b${level + 1}`),
    '',
  ]);
  return mail([multipart('mixed', 'b0')], 'top', ...opening.flat(), `--b${depth}`, '', 'innermost');
}

/** Cut, garbled, or made to hurt. */
export const brokenMails: readonly OddMail[] = [
  {
    name: 'nothing',
    source: Buffer.alloc(0),
    reads: { from: '', subject: '', text: null, problem: /empty/ },
  },
  { name: 'a line end', source: Buffer.from('\r\n'), reads: { from: '', text: '', problem: null } },
  {
    name: 'words without any header',
    source: Buffer.from('Hello Bob,\r\n\r\nthis is it.\r\n'),
    reads: { text: 'Hello Bob,\n\nthis is it.\n', problem: /no headers/ },
  },
  {
    name: 'bytes of a program',
    source: Buffer.concat(
      Array.from({ length: 64 }, (_, index) => hex('7f454c4602010100').map((byte) => byte ^ index)),
    ),
    reads: { subject: '', problem: /no headers/ },
  },
  { name: 'only NUL', source: Buffer.alloc(1000), reads: { from: '', problem: /no headers/ } },
  {
    name: 'NUL and half a surrogate pair in the text',
    source: mail(
      ['Content-Type: text/plain; charset=utf-16le', 'Content-Transfer-Encoding: base64'],
      'QQAAAEIAANhDAA==',
    ),
    reads: { text: 'A\uFFFDB\uFFFDC', problem: null },
  },
  {
    name: 'cut off within a part',
    source: mail(
      [multipart('mixed', 'A')],
      part('A', ['Content-Type: text/plain'], 'Hello'),
      part(
        'A',
        ['Content-Type: application/pdf; name=x.pdf', 'Content-Transfer-Encoding: base64'],
        'SGVsbG8g',
      ),
    ),
    reads: { text: 'Hello', attachments: [{ filename: 'x.pdf', says: 'Hello ' }], problem: /no end/ },
  },
  {
    name: 'cut off within the headers of a part',
    source: mail([multipart('mixed', 'A')], part('A', [], 'Hello'), '--A', 'Content-Ty').subarray(0, -2),
    reads: { text: 'Hello', problem: /no end/ },
  },
  {
    name: 'an inner group without an end does not swallow what follows it',
    source: mail(
      [multipart('mixed', 'A')],
      '--A',
      multipart('alternative', 'B'),
      '',
      part('B', ['Content-Type: text/plain'], 'text'),
      part('B', ['Content-Type: text/html'], '<p>html</p>'),
      part('A', ['Content-Type: application/pdf; name=x.pdf'], 'PDF'),
      '--A--',
    ),
    reads: {
      text: 'text',
      html: '<p>html</p>',
      attachments: [{ filename: 'x.pdf', says: 'PDF' }],
      problem: /no end/,
    },
  },
  {
    name: 'a multipart that announces parts and has none',
    source: mail([multipart('mixed', 'A')], 'Just words'),
    reads: { text: 'Just words\n', problem: /parts it announces are not there/ },
  },
  {
    name: 'a multipart that does not name its delimiter',
    source: mail(['Content-Type: multipart/mixed'], part('xyz', [], 'words'), '--xyz--'),
    reads: { text: 'words', problem: /does not say what separates/ },
  },
  {
    name: 'an inner multipart that does not name its delimiter',
    source: mail([multipart('mixed', 'A')], part('A', ['Content-Type: multipart/mixed'], 'x'), '--A--'),
    reads: { text: null, problem: /does not say what separates/ },
  },
  {
    name: 'an inner group with the delimiter of the outer one',
    source: mail(
      [multipart('mixed', 'A')],
      part('A', [multipart('mixed', 'A')], part('A', [], 'words')),
      '--A--',
      '--A--',
    ),
    reads: { text: 'words', problem: null },
  },
  {
    name: 'a content type that is none',
    source: mail(['Content-Type: text'], 'words'),
    reads: { text: 'words\n', problem: /content type could not be read/ },
  },
  {
    name: 'a part whose content type is none',
    source: mail([multipart('mixed', 'A')], part('A', ['Content-Type: ;;='], 'words'), '--A--'),
    reads: { text: 'words', attachments: [], problem: null },
  },
  {
    name: 'a transfer encoding nobody knows',
    source: mail(['Content-Transfer-Encoding: x-uue'], 'begin 644 x'),
    reads: { text: 'begin 644 x\n', problem: /unknown transfer encoding/ },
  },
  {
    name: 'parts nested beyond reason',
    source: nested(2000),
    reads: { subject: 'Hello', problem: /nested more than 50 deep|more than 500 parts/ },
  },
  {
    name: 'parts nested sixty deep',
    source: nested(60),
    reads: { subject: 'Hello', text: null, problem: /nested more than 50 deep/ },
  },
  {
    name: 'more parts than anybody sends',
    source: mail(
      [multipart('mixed', 'A')],
      part('A', [], 'first words'),
      ...Array.from({ length: 3000 }, () => part('A', ['Content-Type: application/x-bomb'], 'x')),
      '--A--',
    ),
    reads: { problem: /more than 500 parts/ },
  },
  {
    name: 'a part with endless headers',
    source: mail(
      [multipart('mixed', 'A')],
      part('A', [], 'words'),
      '--A',
      ...Array.from({ length: 9000 }, () => 'X-Long: and on it goes'),
    ),
    reads: { text: 'words', problem: /no end/ },
  },
  {
    name: 'a part with headers whose reading takes time by the square of their length',
    source: mail(
      [multipart('mixed', 'A')],
      part(
        'A',
        [`From: ${'+A'.repeat(60_000)}`, `Content-Transfer-Encoding: ${'('.repeat(120_000)}`],
        'words',
      ),
      '--A--',
    ),
    reads: { text: 'words', problem: null },
  },
  {
    name: 'the same in the headers of the mail',
    source: lines(
      `From: ${'+A'.repeat(60_000)}`,
      `Content-Transfer-Encoding: ${'('.repeat(120_000)}`,
      '',
      'words',
    ),
    reads: { text: 'words\n', problem: /unknown transfer encoding/ },
  },
  {
    name: 'a million empty lines',
    source: lines('Subject: lines', '', '\n'.repeat(1_000_000), 'end'),
    reads: { subject: 'lines', truncated: true, problem: /more than 500000 lines/ },
  },
  {
    name: 'one line of a megabyte',
    source: mail([], 'word '.repeat(200_000)),
    reads: { truncated: true, problem: null },
  },
  {
    name: 'HTML that opens eighty thousand tags',
    source: mail(['Content-Type: text/html'], '<b>'.repeat(80_000) + '</i>'.repeat(40_000)),
    reads: { text: null, problem: null },
  },
  {
    name: 'a mail that begins as a web request',
    source: Buffer.from('POST / HTTP/1.1\r\nHost: x\r\n\r\n{"a":1}'),
    reads: { subject: '', text: '{"a":1}', problem: /header line could not be read/ },
  },
];
