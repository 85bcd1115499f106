import { eml, file, type GoldenMail, hex } from './golden-mail.ts';

/** A mail with one file whose headers are these lines. */
function withFile(id: string, lines: Buffer): Buffer {
  return eml`
    From: Ann <ann@example.org>
    To: support@example.net
    Subject: file
    Date: Sat, 24 Feb 2024 09:00:00 +0100
    Message-ID: <${id}@example.org>
    MIME-Version: 1.0
    Content-Type: multipart/mixed; boundary="n"

    --n
    Content-Type: text/plain

    See.
    --n
    ${lines}Content-Transfer-Encoding: base64

    eA==
    --n--
    `;
}

const head = (...lines: readonly (string | Buffer)[]) =>
  Buffer.concat(lines.flatMap((line) => [Buffer.from(line), Buffer.from('\r\n')]));
const line = (...pieces: readonly (string | Buffer)[]) =>
  Buffer.concat(pieces.map((piece) => Buffer.from(piece)));
const PDF = 'Content-Type: application/pdf';

/** What it is called, the headers that say so, and the name under which it may be saved. */
const NAMES: readonly (readonly [string, Buffer, string])[] = [
  [
    'RFC 2231 in UTF-8',
    head(PDF, "Content-Disposition: attachment; filename*=UTF-8''%E2%82%AC%20rates.pdf"),
    '€ rates.pdf',
  ],
  [
    'RFC 2231 in Latin-1 with a language',
    head(PDF, "Content-Disposition: attachment; filename*=iso-8859-1'en'%A3%20rates.pdf"),
    '£ rates.pdf',
  ],
  [
    'RFC 2231 in GB18030',
    head(PDF, "Content-Disposition: attachment; filename*=gb18030''%B7%A2%C6%B1.pdf"),
    '发票.pdf',
  ],
  [
    'RFC 2231 in pieces, some of them encoded',
    head(
      PDF,
      "Content-Disposition: attachment; filename*0*=UTF-8''Jahres%C3%BC;",
      ' filename*1*=bersicht%20;',
      ' filename*2="2024.pdf"',
    ),
    'Jahresübersicht 2024.pdf',
  ],
  [
    'RFC 2231 in pieces, in any order',
    head(PDF, 'Content-Disposition: attachment; filename*1="two.pdf"; filename*0="one-"'),
    'one-two.pdf',
  ],
  [
    'RFC 2231 cut within a character',
    head(PDF, "Content-Disposition: attachment; filename*0*=UTF-8''%E6%97%A5%E6;", ' filename*1*=%9C%AC.pdf'),
    '日本.pdf',
  ],
  [
    'both forms: the one that can say more',
    head(
      PDF,
      'Content-Disposition: attachment; filename="Resume.pdf"; filename*=UTF-8\'\'R%C3%A9sum%C3%A9.pdf',
    ),
    'Résumé.pdf',
  ],
  [
    'encoded words within quotes',
    head(PDF, 'Content-Disposition: attachment; filename="=?ISO-2022-JP?B?GyRCQ21KODNORycbKEI=?=.pdf"'),
    '注文確認.pdf',
  ],
  [
    'encoded words over two lines',
    head(
      PDF,
      'Content-Disposition: attachment;',
      ' filename="=?UTF-8?Q?Angebot_f=C3=BCr_?=',
      ' =?UTF-8?Q?M=C3=BCller=2Epdf?="',
    ),
    'Angebot für Müller.pdf',
  ],
  ['raw UTF-8', head(PDF, 'Content-Disposition: attachment; filename="Überweisung.pdf"'), 'Überweisung.pdf'],
  [
    'raw UTF-8 without quotes',
    head(PDF, 'Content-Disposition: attachment; filename=Überweisung.pdf'),
    'Überweisung.pdf',
  ],
  [
    'blanks without quotes',
    head(PDF, 'Content-Disposition: attachment; filename=my old report.pdf'),
    'my old report.pdf',
  ],
  [
    'raw bytes of Windows-1251 that nothing labels: something to save under',
    head(PDF, line('Content-Disposition: attachment; filename="', hex('d1f7b8f2'), '.pdf"')),
    'Ñ÷¸ò.pdf',
  ],
  ['only in the content type', head('Content-Type: application/pdf; name="only here.pdf"'), 'only here.pdf'],
  [
    'one name in each header: the disposition counts',
    head(
      'Content-Type: application/pdf; name="type.pdf"',
      'Content-Disposition: attachment; filename="disposition.pdf"',
    ),
    'disposition.pdf',
  ],
  [
    'a semicolon and an escaped quote within',
    head(PDF, 'Content-Disposition: attachment; filename="a;b \\"c\\".pdf"'),
    'a;b _c_.pdf',
  ],
  [
    'a path of Windows within',
    head(PDF, 'Content-Disposition: attachment; filename="C:\\\\Users\\\\ann\\\\x.pdf"'),
    'C__Users_ann_x.pdf',
  ],
  [
    'a path of RFC 2231 within',
    head(PDF, "Content-Disposition: attachment; filename*=UTF-8''..%2F..%2Fetc%2Fcron.d%2Fx.pdf"),
    '_.._etc_cron.d_x.pdf',
  ],
  ['no name at all', head(PDF, 'Content-Disposition: attachment'), 'attachment-1.pdf'],
  [
    'a very long name keeps its ending',
    head(PDF, `Content-Disposition: attachment; filename="${'long '.repeat(100)}.pdf"`),
    `${'long '.repeat(100).slice(0, 196)}.pdf`,
  ],
];

/** One file each, called in one of the many ways in which programs write names. */
export const filenameMails: readonly GoldenMail[] = NAMES.map(([name, lines, filename], at) => ({
  name: `the name of a file: ${name}`,
  source: withFile(`name${at}`, lines),
  reads: {
    from: 'Ann <ann@example.org>',
    subject: 'file',
    text: 'See.',
    html: null,
    attachments: [file(filename, 'application/pdf', 'x')],
  },
}));
