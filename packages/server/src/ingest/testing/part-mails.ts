import { lines, mail, type OddMail, part } from './odd-mail.ts';

const multipart = (kind: string, boundary: string) =>
  `Content-Type: multipart/${kind}; boundary="${boundary}"`;
const base64 = (text: string) => Buffer.from(text).toString('base64');

/** Bodies of several parts, as mail programs build them. */
export const partMails: readonly OddMail[] = [
  {
    name: 'the same words as text and as HTML',
    source: mail(
      [multipart('alternative', 'A')],
      'preamble that nobody shows',
      part('A', ['Content-Type: text/plain'], 'Hello Bob'),
      part('A', ['Content-Type: text/html'], '<p>Hello <b>Bob</b></p>'),
      '--A--',
      'epilogue',
    ),
    reads: {
      text: 'Hello Bob',
      html: '<p>Hello <b>Bob</b></p>',
      snippet: 'Hello Bob',
      attachments: [],
      problem: null,
    },
  },
  {
    name: 'HTML only',
    source: mail(
      ['Content-Type: text/html; charset=utf-8'],
      '<html><head><title>T</title><style>p{}</style><body><p>Hello&nbsp;&amp; welcome</p><p>Bob</p><script>x</script>',
    ),
    reads: { text: null, snippet: 'Hello & welcome Bob', problem: null },
  },
  {
    name: 'text before and after HTML: nothing is missing from either',
    source: mail(
      [multipart('mixed', 'A')],
      part('A', ['Content-Type: text/plain'], 'before <1>'),
      part('A', ['Content-Type: text/html'], '<p>within</p>'),
      part('A', ['Content-Type: text/plain'], 'after'),
      '--A--',
    ),
    reads: {
      text: 'before <1>\nwithin\nafter',
      html: '<pre style="white-space: pre-wrap">before &lt;1&gt;</pre><br>\n<p>within</p><br>\n<pre style="white-space: pre-wrap">after</pre>',
      problem: null,
    },
  },
  {
    name: 'an image shown within the HTML, and a file',
    source: mail(
      [multipart('mixed', 'A')],
      part(
        'A',
        [multipart('related', 'B')],
        part('B', ['Content-Type: text/html'], '<img src="cid:logo@x">'),
      ),
      part(
        'B',
        [
          'Content-Type: image/png; name=logo.png',
          'Content-ID: <logo@x>',
          'Content-Transfer-Encoding: base64',
        ],
        base64('PNG'),
      ),
      '--B--',
      part(
        'A',
        [
          'Content-Type: application/pdf',
          'Content-Disposition: attachment; filename="Invoice 1.pdf"',
          'Content-Transfer-Encoding: base64',
        ],
        base64('PDF'),
      ),
      '--A--',
    ),
    reads: {
      html: '<img src="cid:logo@x">',
      attachments: [
        { filename: 'logo.png', content_type: 'image/png', content_id: 'logo@x', inline: true, says: 'PNG' },
        {
          filename: 'Invoice 1.pdf',
          content_type: 'application/pdf',
          content_id: null,
          inline: false,
          says: 'PDF',
        },
      ],
      problem: null,
    },
  },
  {
    name: 'an invitation',
    source: mail(
      [multipart('alternative', 'A')],
      part('A', ['Content-Type: text/plain'], 'Come'),
      part('A', ['Content-Type: text/calendar; method=REQUEST; charset=utf-8'], 'BEGIN:VCALENDAR'),
      '--A--',
    ),
    reads: {
      text: 'Come',
      attachments: [{ filename: 'attachment-1.ics', content_type: 'text/calendar', says: 'BEGIN:VCALENDAR' }],
      problem: null,
    },
  },
  {
    name: 'signed with S/MIME',
    source: mail(
      [
        'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; micalg=sha-256; boundary="A"',
      ],
      part('A', ['Content-Type: text/plain'], 'Signed words'),
      part(
        'A',
        ['Content-Type: application/pkcs7-signature; name=smime.p7s', 'Content-Transfer-Encoding: base64'],
        base64('signature'),
      ),
      '--A--',
    ),
    reads: {
      text: 'Signed words',
      attachments: [{ filename: 'smime.p7s', says: 'signature' }],
      problem: null,
    },
  },
  {
    name: 'encrypted with PGP',
    source: mail(
      [multipart('encrypted', 'A')],
      part('A', ['Content-Type: application/pgp-encrypted'], 'Version: 1'),
      part('A', ['Content-Type: application/octet-stream; name="msg.asc"'], '-----BEGIN PGP MESSAGE-----'),
      '--A--',
    ),
    reads: { text: null, attachments: [{ says: 'Version: 1' }, { filename: 'msg.asc' }], problem: null },
  },
  {
    name: 'a delivery report',
    source: mail(
      ['Content-Type: multipart/report; report-type=delivery-status; boundary="A"'],
      part('A', ['Content-Type: text/plain'], 'Your mail came back.'),
      part(
        'A',
        ['Content-Type: message/delivery-status'],
        'Reporting-MTA: dns; mx.example.net',
        '',
        'Status: 5.1.1',
      ),
      part('A', ['Content-Type: message/rfc822'], 'From: a@x.org', 'Subject: lost', '', 'words'),
      '--A--',
    ),
    reads: {
      text: 'Your mail came back.',
      attachments: [
        {
          filename: 'delivery-status.txt',
          content_type: 'message/delivery-status',
          says: 'Reporting-MTA: dns; mx.example.net\r\n\r\nStatus: 5.1.1',
        },
        {
          filename: 'attachment-2.eml',
          content_type: 'message/rfc822',
          says: 'From: a@x.org\r\nSubject: lost\r\n\r\nwords',
        },
      ],
      problem: null,
    },
  },
  {
    name: 'a mail forwarded inline is one attachment with everything in it',
    source: mail(
      [multipart('mixed', 'A')],
      part('A', ['Content-Type: text/plain'], 'See below'),
      part(
        'A',
        ['Content-Type: message/rfc822', 'Content-Disposition: inline'],
        'Subject: inner',
        multipart('mixed', 'B'),
        '',
        '--B',
        '',
        'inner words',
        '--B--',
      ),
      '--A--',
    ),
    reads: {
      text: 'See below',
      attachments: [{ content_type: 'message/rfc822', inline: true }],
      problem: null,
    },
  },
  {
    name: 'file names in three ways of writing them',
    source: mail(
      [multipart('mixed', 'A')],
      part(
        'A',
        [
          'Content-Type: application/pdf',
          "Content-Disposition: attachment; filename*=UTF-8''R%C3%A9sum%C3%A9.pdf",
        ],
        'x',
      ),
      part(
        'A',
        ['Content-Type: application/pdf; name="=?utf-8?B?5pel5pys?=.pdf"', 'Content-Disposition: attachment'],
        'x',
      ),
      part(
        'A',
        [
          'Content-Type: application/pdf',
          'Content-Disposition: attachment; filename*0="one-";',
          ' filename*1="two.pdf"',
        ],
        'x',
      ),
      '--A--',
    ),
    reads: {
      attachments: [{ filename: 'Résumé.pdf' }, { filename: '日本.pdf' }, { filename: 'one-two.pdf' }],
      problem: null,
    },
  },
  {
    name: 'file names that lead elsewhere or deceive',
    source: mail(
      [multipart('mixed', 'A')],
      ...[
        '../../etc/passwd',
        'C:\\\\temp\\\\x.doc',
        '=?utf-8?Q?invoice=E2=80=AEfdp.exe?=',
        '=?utf-8?Q?a=00b=0A.txt?=',
        '..',
        ' ',
      ].map((name) =>
        part(
          'A',
          ['Content-Type: application/zip', `Content-Disposition: attachment; filename="${name}"`],
          'x',
        ),
      ),
      '--A--',
    ),
    reads: {
      attachments: [
        { filename: '_.._etc_passwd' },
        { filename: 'C__temp_x.doc' },
        { filename: 'invoicefdp.exe' },
        { filename: 'a b .txt' },
        { filename: 'attachment-5.zip' },
        { filename: 'attachment-6.zip' },
      ],
      problem: null,
    },
  },
  {
    name: 'flowed text',
    source: mail(
      ['Content-Type: text/plain; format=flowed; charset=utf-8'],
      'One line that ',
      'goes on.',
      '',
      '> quoted',
    ),
    reads: { text: 'One line that goes on.\n\n> quoted\n', problem: null },
  },
  {
    name: 'a file as the whole mail',
    source: mail(
      ['Content-Type: application/pdf; name=scan.pdf', 'Content-Transfer-Encoding: base64'],
      base64('a scanned page'),
    ),
    reads: { text: null, attachments: [{ filename: 'scan.pdf', says: 'a scanned page' }], problem: null },
  },
  {
    name: 'base64 with blanks, junk and no padding',
    source: mail(['Content-Transfer-Encoding: BASE64'], ' SGVs bG8g', '!!Qm9i'),
    reads: { text: 'Hello Bob', problem: null },
  },
  {
    name: 'quoted-printable that is not',
    source: mail(['Content-Transfer-Encoding: quoted-printable'], '100=% sure =ZZ ='),
    reads: { text: '100=% sure =ZZ ', problem: null },
  },
  {
    name: 'an empty part and a part of headers only',
    source: mail([multipart('mixed', 'A')], '--A', '', '--A', 'Content-Type: text/plain', '--A--'),
    reads: { attachments: [], problem: null },
  },
  {
    name: 'parts without headers',
    source: mail([multipart('mixed', 'A')], lines('--A', '', 'one', '--A', '', 'two', '--A--')),
    reads: { text: 'one\ntwo', problem: null },
  },
];
