import { bytes, hex, lines, mail, type OddMail } from './odd-mail.ts';

/** Headers that are hard to read. */
export const headerMails: readonly OddMail[] = [
  {
    name: 'encoded words in three charsets, split in mid-character',
    source: lines(
      'From: =?koi8-r?B?0NLJzcXS?= <ann@example.org>',
      'Subject: =?iso-2022-jp?B?GyRCRnxLXDhsJE43b0w+GyhC?= =?GB18030?B?xOO6ww==?=',
      ' =?utf-8?B?5pel5p?=',
      ' =?utf-8?B?ys?=',
      '',
      'x',
    ),
    reads: { from: 'пример <ann@example.org>', subject: '日本語の件名你好日本', problem: null },
  },
  {
    name: 'raw UTF-8 in headers',
    source: lines('From: Ännchen <ann@example.org>', 'Subject: Grüße 🐓', '', 'x'),
    reads: { from: 'Ännchen <ann@example.org>', subject: 'Grüße 🐓', problem: null },
  },
  {
    name: 'raw bytes of the charset the body names, in headers',
    source: lines(
      bytes('From: ', hex('f0d2c9d7c5d4'), ' <ann@example.org>'),
      bytes('Subject: ', hex('f0d2c9d7c5d4')),
      'Content-Type: text/plain; charset=koi8-r',
      '',
      'x',
    ),
    reads: { from: 'Привет <ann@example.org>', subject: 'Привет', problem: null },
  },
  {
    name: 'raw Latin bytes in headers that nothing labels',
    source: lines(
      bytes('From: J', hex('fc'), 'rgen <j@example.org>'),
      bytes('Subject: Gr', hex('fcdf'), 'e'),
      '',
      'x',
    ),
    reads: { from: 'Jürgen <j@example.org>', subject: 'Grüße', problem: null },
  },
  {
    name: 'a broken encoded word stays as it is',
    source: lines('From: =?utf-8?B?!!!', 'Subject: =?utf-8?Q?half', '', 'x'),
    reads: { from: '=?utf-8?B?!!!', subject: '=?utf-8?Q?half', problem: null },
  },
  {
    name: 'no From at all',
    source: lines('Subject: anonymous', '', 'x'),
    reads: { from: '', subject: 'anonymous', problem: null },
  },
  {
    name: 'a From that holds no address',
    source: lines('From: the night shift', '', 'x'),
    reads: { from: 'the night shift', problem: null },
  },
  {
    name: 'several authors and a group',
    source: lines('From: Ann <a@x.org>, "Lee, Bob" <b@x.org>, Team: c@x.org, d@x.org;', '', 'x'),
    reads: { from: 'Ann <a@x.org>, Lee, Bob <b@x.org>, Team: c@x.org, d@x.org;', problem: null },
  },
  {
    name: 'a name that turns the direction of the address behind it',
    source: lines('From: =?utf-8?Q?Bank_=E2=80=AE?= <x@example.org>', '', 'x'),
    reads: { from: 'Bank <x@example.org>', problem: null },
  },
  {
    name: 'a name that brings a line break and a NUL',
    source: lines(
      'From: =?utf-8?Q?Ann=0D=0ABcc=3A_x=00?= <a@x.org>',
      'Subject: =?utf-8?Q?a=0Ab=00c?=',
      '',
      'x',
    ),
    reads: { from: 'Ann Bcc: x <a@x.org>', subject: 'a b c', problem: null },
  },
  {
    name: 'folded headers, the old way with blanks before the colon',
    source: lines('From : Ann <a@x.org>', 'Subject:', '\tfolded', '  over  lines', '', 'x'),
    reads: { from: 'Ann <a@x.org>', subject: 'folded over lines', problem: null },
  },
  {
    name: 'line feeds only',
    source: Buffer.from('From: a@x.org\nSubject: unix\nContent-Type: text/plain\n\none\ntwo\n'),
    reads: { from: 'a@x.org', subject: 'unix', text: 'one\ntwo\n', problem: null },
  },
  {
    name: 'from a mailbox file',
    source: lines(
      'From ann@x.org Mon Jan  1 10:00:00 2024',
      'From: Ann <ann@x.org>',
      'Subject: mbox',
      '',
      'x',
    ),
    reads: { from: 'Ann <ann@x.org>', subject: 'mbox', problem: null },
  },
  {
    name: 'empty lines before the first header',
    source: lines('', '', 'From: a@x.org', 'Subject: late', '', 'x'),
    reads: { from: 'a@x.org', subject: 'late', text: 'x\n', problem: null },
  },
  {
    name: 'a line among the headers that is none',
    source: lines('From: a@x.org', 'this is no header', 'Subject: still read', '', 'x'),
    reads: { from: 'a@x.org', subject: 'still read', text: 'x\n', problem: /header line could not be read/ },
  },
  {
    name: 'no empty line between headers and body',
    source: lines('From: a@x.org', 'Subject: hasty', 'Dear Bob,', 'this is it.'),
    reads: { subject: 'hasty', text: 'Dear Bob,\nthis is it.\n', problem: /No empty line/ },
  },
  {
    name: 'headers only',
    source: lines('From: a@x.org', 'Subject: nothing more').subarray(0, -2),
    reads: { subject: 'nothing more', text: '', problem: null },
  },
  {
    name: 'the same header several times: the first counts',
    source: lines('From: one@x.org', 'From: two@x.org', 'Subject: first', 'Subject: second', '', 'x'),
    reads: { from: 'one@x.org', subject: 'first', problem: null },
  },
  {
    name: 'a very long header and very many',
    source: lines(
      'From: a@x.org',
      `Subject: ${'long '.repeat(20_000)}`,
      ...Array.from({ length: 700 }, (_, index) => `X-${index}: ${index}`),
      '',
      'x',
    ),
    reads: { from: 'a@x.org', text: 'x\n', problem: /more than 500 headers/ },
  },
  {
    name: 'a Message-ID without brackets and with blanks',
    source: lines('Message-ID: 12 34@x.org', '', 'x'),
    reads: { message_id: '1234@x.org', problem: null },
  },
  {
    name: 'names that objects have',
    source: mail(['__proto__: polluted', 'constructor: x', 'toString: y'], 'x'),
    reads: { subject: 'Hello', text: 'x\n', problem: null },
  },
];
