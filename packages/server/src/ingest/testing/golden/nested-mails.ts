import { base64, crlf, eml, file, type GoldenMail, inline, PIXEL } from './golden-mail.ts';

const INNER = crlf(
  'From: =?utf-8?Q?Zo=C3=AB?= <zoe@example.org>',
  'Subject: =?utf-8?Q?caf=C3=A9?=',
  'Content-Type: text/html; charset=utf-8',
  'Content-Transfer-Encoding: quoted-printable',
  '',
  '<p>caf=C3=A9</p>',
);
const usual = (id: string, subject: string) =>
  crlf(
    'From: Ann <ann@example.org>',
    'To: support@example.net',
    `Subject: ${subject}`,
    'Date: Fri, 23 Feb 2024 09:00:00 +0100',
    `Message-ID: <${id}@example.org>`,
    'MIME-Version: 1.0',
  );
const from = 'Ann <ann@example.org>';

/** Mails within mails, and trees of parts that few programs build. */
export const nestedMails: readonly GoldenMail[] = [
  {
    name: 'a mail forwarded as a file with a name: as it is, byte for byte',
    source: eml`
      ${usual('fwd1', 'Fwd')}
      Content-Type: multipart/mixed; boundary="f"

      --f
      Content-Type: text/plain

      See.
      --f
      Content-Type: message/rfc822; name="café.eml"
      Content-Disposition: attachment; filename="=?utf-8?Q?caf=C3=A9=2Eeml?="

      ${INNER}
      --f--
      `,
    reads: {
      from,
      subject: 'Fwd',
      text: 'See.',
      html: null,
      attachments: [file('café.eml', 'message/rfc822', INNER)],
    },
  },
  {
    name: 'two mails forwarded at once, one of which holds a third',
    source: eml`
      ${usual('fwd2', 'Fwd: two')}
      Content-Type: multipart/mixed; boundary="f"

      --f
      Content-Type: message/rfc822

      From: b@example.org
      Subject: outer
      Content-Type: multipart/mixed; boundary="g"

      --g
      Content-Type: message/rfc822

      Subject: innermost

      deep
      --g--
      --f
      Content-Type: message/rfc822
      Content-Disposition: attachment

      ${INNER}
      --f--
      `,
    reads: {
      from,
      subject: 'Fwd: two',
      text: null,
      html: null,
      attachments: [
        file(
          'attachment-1.eml',
          'message/rfc822',
          crlf(
            'From: b@example.org',
            'Subject: outer',
            'Content-Type: multipart/mixed; boundary="g"',
            '',
            '--g',
            'Content-Type: message/rfc822',
            '',
            'Subject: innermost',
            '',
            'deep',
            '--g--',
          ),
        ),
        file('attachment-2.eml', 'message/rfc822', INNER),
      ],
    },
  },
  {
    name: 'a mail within base64, which no standard allows and programs write',
    source: eml`
      ${usual('fwd3', 'Fwd: base64')}
      Content-Type: multipart/mixed; boundary="f"

      --f
      Content-Type: text/plain

      See.
      --f
      Content-Type: message/rfc822; name="mail.eml"
      Content-Transfer-Encoding: base64
      Content-Disposition: attachment; filename="mail.eml"

      U3ViamVjdDogaW5uZXINCg0Kd29yZHM=
      --f--
      `,
    reads: {
      from,
      subject: 'Fwd: base64',
      text: 'See.',
      html: null,
      attachments: [file('mail.eml', 'message/rfc822', 'Subject: inner\r\n\r\nwords')],
    },
  },
  {
    name: 'one piece of a mail that was cut for sending',
    source: eml`
      ${usual('partial1', 'part 2/3')}
      Content-Type: message/partial; id="abc@example.org"; number=2; total=3

      the middle of it
      `,
    reads: {
      from,
      subject: 'part 2/3',
      text: null,
      html: null,
      attachments: [file('attachment-1.bin', 'message/partial', 'the middle of it\r\n')],
    },
  },
  {
    name: 'a body that lies elsewhere is not fetched',
    source: eml`
      ${usual('external1', 'external')}
      Content-Type: multipart/mixed; boundary="e"

      --e
      Content-Type: text/plain

      Get it there:
      --e
      Content-Type: message/external-body; access-type=URL; URL="http://127.0.0.1/secret"

      Content-Type: image/png
      --e--
      `,
    reads: {
      from,
      subject: 'external',
      text: 'Get it there:',
      html: null,
      attachments: [file('attachment-1.bin', 'message/external-body', 'Content-Type: image/png')],
    },
  },
  {
    name: 'related whose root is not the first part',
    source: eml`
      ${usual('start1', 'start')}
      Content-Type: multipart/related; start="<root@x>"; type="text/html"; boundary="r"

      --r
      Content-Type: image/gif
      Content-ID: <dot@x>
      Content-Transfer-Encoding: base64

      ${PIXEL}
      --r
      Content-Type: text/html; charset=utf-8
      Content-ID: <root@x>

      <img src="cid:dot@x">
      --r--
      `,
    reads: {
      from,
      subject: 'start',
      text: null,
      html: '<img src="cid:dot@x">',
      attachments: [inline('attachment-1.gif', 'image/gif', 'dot@x', base64(PIXEL))],
    },
  },
  {
    name: 'a file within the alternative, as some web shops build it',
    source: eml`
      ${usual('alt1', 'file inside')}
      Content-Type: multipart/alternative; boundary="a"

      --a
      Content-Type: text/plain; charset=utf-8

      words
      --a
      Content-Type: multipart/mixed; boundary="m"

      --m
      Content-Type: text/html; charset=utf-8

      <p>words</p>
      --m
      Content-Type: application/pdf; name="a.pdf"
      Content-Disposition: attachment; filename="a.pdf"
      Content-Transfer-Encoding: base64

      JVBERi0xLjQ=
      --m--
      --a--
      `,
    reads: {
      from,
      subject: 'file inside',
      text: 'words',
      html: '<p>words</p>',
      attachments: [file('a.pdf', 'application/pdf', '%PDF-1.4')],
    },
  },
  {
    name: 'a file of a Macintosh in its two halves',
    source: eml`
      ${usual('apple1', 'AppleDouble')}
      Content-Type: multipart/appledouble; boundary="d"

      --d
      Content-Type: application/applefile; name="Letter"
      Content-Transfer-Encoding: base64

      AAUWBwACAAA=
      --d
      Content-Type: application/msword; name="Letter.doc"
      Content-Transfer-Encoding: base64

      0M8R4A==
      --d--
      `,
    reads: {
      from,
      subject: 'AppleDouble',
      text: null,
      html: null,
      attachments: [
        file('Letter', 'application/applefile', base64('AAUWBwACAAA=')),
        file('Letter.doc', 'application/msword', base64('0M8R4A==')),
      ],
    },
  },
  {
    name: 'text as a file is a file, text shown inline is words',
    source: eml`
      ${usual('textfile1', 'log')}
      Content-Type: multipart/mixed; boundary="t"

      --t
      Content-Type: text/plain; charset=utf-8
      Content-Disposition: inline

      Log attached
      --t
      Content-Type: text/plain; charset=utf-8; name="app.log"
      Content-Disposition: attachment; filename="app.log"

      ERROR
      --t
      Content-Type: text/html; name="report.html"
      Content-Disposition: attachment; filename="report.html"

      <script>alert(1)</script>
      --t--
      `,
    reads: {
      from,
      subject: 'log',
      text: 'Log attached',
      html: null,
      attachments: [
        file('app.log', 'text/plain', 'ERROR'),
        file('report.html', 'text/html', '<script>alert(1)</script>'),
      ],
    },
  },
  {
    name: 'delimiters that begin alike: the longer one does not end the shorter',
    source: eml`
      ${usual('alike1', 'alike')}
      Content-Type: multipart/mixed; boundary="a"

      --a
      Content-Type: multipart/alternative; boundary="ab"

      --ab
      Content-Type: text/plain

      text
      --ab
      Content-Type: text/html

      <p>html</p>
      --ab--
      --a
      Content-Type: text/plain

      after
      --a--
      `,
    reads: {
      from,
      subject: 'alike',
      text: 'text\nafter',
      html: '<p>html</p><br>\n<pre style="white-space: pre-wrap">after</pre>',
    },
  },
  {
    name: 'a line of the text that looks like a delimiter and is none',
    source: eml`
      ${usual('near1', 'near')}
      Content-Type: multipart/mixed; boundary="cut"

      --cut
      Content-Type: text/plain

      -- cut here --
      --cutter
      x--cut
      --cut--
      `,
    reads: { from, subject: 'near', text: '-- cut here --\n--cutter\nx--cut', html: null },
  },
  {
    name: 'blanks behind a delimiter',
    source: eml`
      ${usual('blank1', 'blanks')}
      Content-Type: multipart/mixed; boundary="b"

      --b  ${''}
      Content-Type: text/plain

      words
      --b-- ${''}
      `,
    reads: { from, subject: 'blanks', text: 'words', html: null },
  },
];
