/** What is wrong with a mail outside its HTML: headers and body from the line behind `Message-ID` on, by families. */
export interface HostileMime {
  readonly headers: readonly string[];
  readonly body: string;
  /** Instead of the usual ones. */
  readonly from?: string;
  readonly subject?: string;
}

const html = (
  body: string,
  headers: readonly string[] = ['Content-Type: text/html; charset=utf-8'],
): HostileMime => ({
  headers,
  body,
});
const plain = (body: string, more: Partial<HostileMime> = {}): HostileMime => ({
  headers: ['Content-Type: text/plain; charset=utf-8'],
  body,
  ...more,
});

/** Words and one more part. */
function withPart(headers: readonly string[], body: string, words = '<p>WORDS</p>'): HostileMime {
  return {
    headers: ['Content-Type: multipart/mixed; boundary="cut"'],
    body: [
      '--cut',
      'Content-Type: text/html; charset=utf-8',
      '',
      words,
      '--cut',
      ...headers,
      '',
      body,
      '--cut--',
    ].join('\n'),
  };
}

const named = (written: string): HostileMime =>
  withPart(['Content-Type: application/octet-stream', `Content-Disposition: attachment; ${written}`], 'x');

/** Boundaries within boundaries. */
function nested(depth: number): HostileMime {
  const open = Array.from(
    { length: depth },
    (_, level) => `--n${level}\nContent-Type: multipart/mixed; boundary=n${level + 1}\n`,
  );
  return {
    headers: ['Content-Type: multipart/mixed; boundary=n0'],
    body: `${open.join('\n')}\n--n${depth}\nContent-Type: text/html\n\n<p>deep</p><img src="U/a">`,
  };
}

export const mimeFamilies: Readonly<Record<string, readonly HostileMime[]>> = {
  'MIME confusion': [
    html('<p>WORDS</p><script>RUN</script><img src="U/a">', [
      'Content-Type: TEXT/HTML; charset="utf-8"; charset=utf-7',
    ]),
    html('<p>WORDS</p><img src="U/a">', ['Content-Type: text/plain', 'Content-Type: text/html']),
    html('<p>WORDS</p><img src="U/a">', ['Content-Type: text/html', 'Content-Type: text/plain']),
    html('<p>WORDS</p>+ADw-script+AD4-RUN+ADw-/script+AD4-<img src="U/a">', [
      'Content-Type: text/html; charset=utf-7',
    ]),
    html('<p>WORDS</p><img src="U/a">', ['Content-Type: text/html\n\t; x="\\"; boundary=x']),
    html('<p>WORDS</p><script>RUN</script>', ['Content-Type: text/xml']),
    html('<svg xmlns="http://www.w3.org/2000/svg" onload="RUN"/>', [
      'Content-Type: image/svg+xml; name=x.svg',
    ]),
    html('<html xmlns="http://www.w3.org/1999/xhtml"><script>RUN</script></html>', [
      'Content-Type: application/xhtml+xml',
    ]),
    html('PHA+V09SRFM8L3A+PGltZyBzcmM9eCBvbmVycm9yPWFsZXJ0KDEpPg==', [
      'Content-Type: text/html',
      'Content-Transfer-Encoding: base64',
    ]),
    withPart(
      ['Content-Type: image/png; name=x.png', 'Content-ID: <c1>'],
      '<script>RUN</script>',
      '<p>WORDS</p><img src="cid:c1">',
    ),
    withPart(
      ['Content-Type: image/svg+xml; name=x.svg', 'Content-ID: <c1>'],
      '<svg xmlns="http://www.w3.org/2000/svg" onload="RUN"><image href="U/i"/></svg>',
      '<p>WORDS</p><img src="cid:c1"><p style="background:url(cid:c1)">x</p>',
    ),
    withPart(
      ['Content-Type: text/html; name=x.html', 'Content-ID: <c1>'],
      '<script>RUN</script>',
      '<p>WORDS</p><iframe src="cid:c1"></iframe><object data="cid:c1"></object>',
    ),
    withPart(
      ['Content-Type: image/png" onerror="RUN; name=x.png', 'Content-ID: <c"><script>RUN</script>>'],
      'x',
      "<p>WORDS</p><img src='cid:c\"><script>RUN</script>'>",
    ),
    withPart(
      ['Content-Type: text/html', 'Content-Disposition: inline'],
      '</body></html><script>RUN</script><img src="U/a">',
    ),
  ],
  'nested message': [
    withPart(
      ['Content-Type: message/rfc822'],
      'Subject: inner\nContent-Type: text/html\n\n<script>RUN</script><img src="U/a">',
    ),
    withPart(
      ['Content-Type: message/rfc822', 'Content-Disposition: inline'],
      'Content-Type: multipart/mixed; boundary=cut\n\n--cut\n\n<script>RUN</script>',
    ),
    withPart(
      ['Content-Type: message/external-body; access-type=URL; URL="U/external"'],
      'Content-Type: text/html',
    ),
    withPart(['Content-Type: message/partial; id=x; number=1; total=2'], '<script>RUN</script>'),
    withPart(['Content-Type: multipart/digest; boundary=d'], '--d\n\nSubject: a\n\n<img src="U/a">\n--d--'),
    { headers: ['Content-Type: message/rfc822'], body: 'Content-Type: message/rfc822\n\n'.repeat(200) },
  ],
  'MIME bomb': [
    nested(60),
    nested(1_500),
    withPart(['Content-Type: text/html'], `${'<div>'.repeat(20_000)}<img src="U/a">`),
    withPart(['Content-Type: text/html'], `<p>${'<b><i>'.repeat(4_000)}</p>`.repeat(3)),
    {
      headers: ['Content-Type: multipart/mixed; boundary=b'],
      body: '--b\nContent-Type: text/html\n\n<img src="U/a">\n'.repeat(3_000),
    },
    {
      headers: Array.from({ length: 4_000 }, (_, at) => `X-${at}: =?utf-8?Q?${'=41'.repeat(20)}?=`),
      body: 'WORDS',
    },
    withPart(
      ['Content-Type: application/zip; name=bomb.zip', 'Content-Transfer-Encoding: base64'],
      'UEsDBBQAAAAIAA'.repeat(2_000),
    ),
    withPart(['Content-Type: text/html'], `<style>${'p{background:url(U/a)}'.repeat(5_000)}</style>`),
    withPart(['Content-Type: text/html'], `<style>p{background:${'url('.repeat(20_000)}}</style>`),
    withPart(['Content-Type: text/html'], `<p title="${'&amp;'.repeat(50_000)}">x</p>`),
  ],
  'header injection': [
    plain('WORDS', { subject: '=?utf-8?Q?ID_a=0D=0ABcc:_all@evil.test=0D=0A=0D=0A<script>RUN</script>?=' }),
    plain('WORDS', { subject: 'ID <img src=x onerror="RUN"><script>RUN</script>' }),
    plain('WORDS', { subject: 'ID </title><script>RUN</script>' }),
    plain('WORDS', { from: '"<img src=U/a onerror=RUN>" <a@evil.test>' }),
    plain('WORDS', { from: '=?utf-8?Q?a=0D=0ASet-Cookie:_x=3D1?= <a@evil.test>' }),
    plain('WORDS', { from: 'javascript:RUN <javascript:RUN>' }),
    {
      headers: ['X-Evil: <script>RUN</script>', 'X-Img: <img src=U/a>', 'Content-Type: text/plain'],
      body: 'WORDS',
    },
    plain('WORDS javascript:RUN http://evil.test/ID/<script>RUN</script> https://evil.test/ID/"onclick="RUN'),
    named('filename="x\r\nSet-Cookie: a=b"'),
    named('filename="=?utf-8?Q?x=0D=0AContent-Type:_text/html=0D=0A=0D=0A<script>RUN</script>.html?="'),
  ],
  'bidirectional and look-alike names': [
    plain('WORDS', { from: '"security@bank.example" <a@evil.test>' }),
    plain('WORDS', { from: '=?utf-8?Q?=E2=80=AEelpmaxe.knab?= <a@evil.test>' }),
    plain('WORDS', { from: '=?utf-8?B?YtCwbmsuZXhhbXBsZQ==?= <a@b\u0430nk.example>' }),
    plain('WORDS', { subject: 'ID =?utf-8?Q?=E2=80=AEtxet_desrever=E2=81=A6?=' }),
    plain('WORDS', { subject: `ID ${'\u0300'.repeat(400)}` }),
    html('<p>WORDS</p><a href="https://evil.test/ID/login">https://bank.example/login</a>'),
    html('<p>WORDS</p><a href="https://b\u0430nk.example/">bank.example</a>'),
    html('<p>WORDS</p><a href="https://bank.example@evil.test/">bank.example</a>'),
    html('<p>WORDS</p><a href="https://evil.test/">\u202eelpmaxe.knab</a>'),
    html(
      '<p>WORDS</p><a href="https://bank.example.evil.test/">bank.example</a><a href="https://xn--bnk-6cd.example">x</a>',
    ),
  ],
  'path names in attachments': [
    named('filename="../../../../etc/cron.d/x"'),
    named('filename="..\\\\..\\\\windows\\\\system32\\\\x.dll"'),
    named('filename="C:\\\\autoexec.bat"'),
    named('filename="/etc/passwd"'),
    named("filename*=utf-8''..%2f..%2f%00x.sh"),
    named('filename="invoice\u202efdp.exe"'),
    named('filename="report.pdf\u200b.exe"'),
    named('filename="."'),
    named('filename=".htaccess"'),
    named(`filename="${'a'.repeat(5_000)}.txt"`),
    named('filename="<img src=x onerror=RUN>.html"'),
    named('filename="a\u2215b\uff0fc|d?e*f.txt"'),
  ],
};
