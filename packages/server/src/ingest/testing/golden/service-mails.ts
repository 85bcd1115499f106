import { base64, crlf, eml, file, type GoldenMail, hex, inline, PIXEL } from './golden-mail.ts';

/** Mail that programs write: newsletters, tickets, receipts, machines. */
export const serviceMails: readonly GoldenMail[] = [
  {
    name: 'a newsletter: preheader, hidden fillers, a counting pixel',
    source: eml`
      From: =?utf-8?Q?The=20Shop=20=F0=9F=9B=92?= <news@shop.example>
      Reply-To: =?utf-8?Q?The=20Shop?= <hello@shop.example>
      To: <bob@example.net>
      Date: Wed, 14 Feb 2024 06:00:12 +0000
      Message-ID: <bd1234.20240214060012@mail1.mcsv.example>
      X-Mailer: MailChimp Mailer - **CID1a2b3c**
      List-ID: bd1234 mc list <bd1234.list-id.mcsv.example>
      List-Unsubscribe: <https://shop.example/unsubscribe?u=1>, <mailto:unsub@mcsv.example?subject=unsubscribe>
      List-Unsubscribe-Post: List-Unsubscribe=One-Click
      Subject: =?utf-8?Q?Only=20today=3A=20=E2=88=9220=C2=A0=25?=
      MIME-Version: 1.0
      Content-Type: multipart/alternative; boundary="_----------=_MCPart_1234567890"

      This is a multi-part message in MIME format

      --_----------=_MCPart_1234567890
      Content-Type: text/plain; charset="utf-8"; format="fixed"
      Content-Transfer-Encoding: quoted-printable

      ** Only today
      ------------------------------------------------------------
      =E2=88=9220=C2=A0% (https://shop.example/t?e=3D1)
      --_----------=_MCPart_1234567890
      Content-Type: text/html; charset="utf-8"
      Content-Transfer-Encoding: quoted-printable

      <span style=3D"display:none">=CD=8F =CD=8F</span><a href=3D"https://shop.exa=
      mple/t?e=3D1">Only today</a><img src=3D"https://shop.example/o.gif?u=3D1" wid=
      th=3D"1" height=3D"1">
      --_----------=_MCPart_1234567890--
      `,
    reads: {
      from: 'The Shop 🛒 <news@shop.example>',
      subject: 'Only today: −20 %',
      text: '** Only today\n------------------------------------------------------------\n−20\u00a0% (https://shop.example/t?e=1)',
      html: '<span style="display:none">\u034f \u034f</span><a href="https://shop.example/t?e=1">Only today</a><img src="https://shop.example/o.gif?u=1" width="1" height="1">',
    },
  },
  {
    name: 'a ticket system: an answer above a line, its words as text and HTML',
    source: eml`
      Date: Wed, 14 Feb 2024 07:00:00 +0000
      From: Acme Support <support+id12345@acme.zendesk.example>
      Reply-To: Acme Support <support+id12345@acme.zendesk.example>
      To: Bob <bob@example.net>
      Message-ID: <ABC123_65cc1234@zendesk.example>
      In-Reply-To: <ABC123@zendesk.example>
      Subject: [Acme] Re: Login fails
      Mime-Version: 1.0
      Content-Type: multipart/alternative;
       boundary="--==_mimepart_65cc1234abcd_1b2c3d4e5f";
       charset=utf-8
      Content-Transfer-Encoding: 7bit
      Auto-Submitted: auto-generated
      X-Mailer: Zendesk Mailer

      ----==_mimepart_65cc1234abcd_1b2c3d4e5f
      Content-Type: text/plain;
       charset=utf-8
      Content-Transfer-Encoding: 7bit

      ##- Please type your reply above this line -##

      Try again.
      ----==_mimepart_65cc1234abcd_1b2c3d4e5f
      Content-Type: text/html;
       charset=utf-8
      Content-Transfer-Encoding: 7bit

      <p>Try again.</p>
      ----==_mimepart_65cc1234abcd_1b2c3d4e5f--
      `,
    reads: {
      from: 'Acme Support <support+id12345@acme.zendesk.example>',
      subject: '[Acme] Re: Login fails',
      text: '##- Please type your reply above this line -##\n\nTry again.',
      html: '<p>Try again.</p>',
    },
  },
  {
    name: 'a forge: a comment on a change, the author in place of the machine',
    source: eml`
      Date: Wed, 14 Feb 2024 08:00:00 -0800
      From: octocat <notifications@forge.example>
      Reply-To: acme/app <reply+AAB3@reply.forge.example>
      To: acme/app <app@noreply.forge.example>
      Message-ID: <acme/app/pull/7/c1943@forge.example>
      References: <acme/app/pull/7@forge.example>
      Subject: Re: [acme/app] Fix the build (PR #7)
      Mime-Version: 1.0
      Content-Type: multipart/alternative; boundary="--==_mimepart_a"; charset=UTF-8
      Precedence: list
      List-ID: acme/app <app.acme.forge.example>

      ----==_mimepart_a
      Content-Type: text/plain;
       charset=UTF-8
      Content-Transfer-Encoding: quoted-printable

      @octocat commented on this pull request.

      > +const a =3D 1;

      LGTM=

      --=20
      View it online
      ----==_mimepart_a
      Content-Type: text/html;
       charset=UTF-8
      Content-Transfer-Encoding: quoted-printable

      <p dir=3D"auto">LGTM</p>
      ----==_mimepart_a--
      `,
    reads: {
      from: 'octocat <notifications@forge.example>',
      subject: 'Re: [acme/app] Fix the build (PR #7)',
      text: '@octocat commented on this pull request.\n\n> +const a = 1;\n\nLGTM\n-- \nView it online',
      html: '<p dir="auto">LGTM</p>',
    },
  },
  {
    name: 'Java: a receipt with delimiters of JavaMail',
    source: eml`
      Date: Thu, 15 Feb 2024 09:00:00 +0000 (UTC)
      From: billing@pay.example
      To: bob@example.net
      Message-ID: <1700000001.12.1707987600000@app-1.internal>
      Subject: Your receipt #1001
      MIME-Version: 1.0
      Content-Type: multipart/mixed;
      	boundary="----=_Part_11_1234567.1707987599999"

      ------=_Part_11_1234567.1707987599999
      Content-Type: text/plain; charset=us-ascii
      Content-Transfer-Encoding: 7bit

      Paid: $10.00
      ------=_Part_11_1234567.1707987599999
      Content-Type: application/pdf; name=receipt-1001.pdf
      Content-Transfer-Encoding: base64
      Content-Disposition: attachment; filename=receipt-1001.pdf

      JVBERi0xLjQ=
      ------=_Part_11_1234567.1707987599999--
      `,
    reads: {
      from: 'billing@pay.example',
      subject: 'Your receipt #1001',
      text: 'Paid: $10.00',
      html: null,
      attachments: [file('receipt-1001.pdf', 'application/pdf', '%PDF-1.4')],
    },
  },
  {
    name: 'Python: base64 by default, delimiters of equals signs',
    source: eml`
      Content-Type: multipart/mixed; boundary="===============1234567890123456789=="
      MIME-Version: 1.0
      Subject: =?utf-8?q?Bericht_=C3=BCber_Nacht?=
      From: cron@batch.example
      To: ops@example.net

      --===============1234567890123456789==
      Content-Type: text/plain; charset="utf-8"
      MIME-Version: 1.0
      Content-Transfer-Encoding: base64

      RmVydGlnIHVtIDM6MDAuCg==

      --===============1234567890123456789==
      Content-Type: application/octet-stream
      MIME-Version: 1.0
      Content-Transfer-Encoding: base64
      Content-Disposition: attachment; filename="log.gz"

      H4sIAAAAAAAAAwMAAAAAAAAAAAA=

      --===============1234567890123456789==--
      `,
    reads: {
      from: 'cron@batch.example',
      subject: 'Bericht über Nacht',
      text: 'Fertig um 3:00.\n',
      html: null,
      attachments: [file('log.gz', 'application/x-gzip', base64('H4sIAAAAAAAAAwMAAAAAAAAAAAA='))],
    },
  },
  {
    name: '.NET: delimiters of double hyphens, HTML as an alternate view',
    source: eml`
      MIME-Version: 1.0
      From: "Portal" <portal@net.example>
      To: bob@example.net
      Date: 15 Feb 2024 10:00:00 +0100
      Subject: =?utf-8?B?QmVzdMOkdGlndW5n?=
      Content-Type: multipart/alternative;
       boundary=--boundary_3_8f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0


      ----boundary_3_8f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0
      Content-Type: text/plain; charset=us-ascii
      Content-Transfer-Encoding: quoted-printable

      Danke
      ----boundary_3_8f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0
      Content-Type: text/html; charset=utf-8
      Content-Transfer-Encoding: base64

      PHA+RGFua2U8L3A+
      ----boundary_3_8f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0--
      `,
    reads: {
      from: 'Portal <portal@net.example>',
      subject: 'Bestätigung',
      text: 'Danke',
      html: '<p>Danke</p>',
    },
  },
  {
    name: 'PHPMailer: alternative within mixed, a file in eight bits',
    source: eml`
      Date: Thu, 15 Feb 2024 11:00:00 +0100
      To: support@example.net
      From: Form <form@site.example>
      Subject: Contact form
      Message-ID: <a1B2c3@site.example>
      X-Mailer: PHPMailer 6.9.1 (https://github.com/PHPMailer/PHPMailer)
      MIME-Version: 1.0
      Content-Type: multipart/mixed; boundary="b1_a1B2c3"
      Content-Transfer-Encoding: 8bit

      --b1_a1B2c3
      Content-Type: multipart/alternative; boundary="b2_a1B2c3"

      --b2_a1B2c3
      Content-Type: text/plain; charset=utf-8
      Content-Transfer-Encoding: 8bit

      Name: Zoë

      --b2_a1B2c3
      Content-Type: text/html; charset=utf-8
      Content-Transfer-Encoding: 8bit

      <b>Name:</b> Zoë

      --b2_a1B2c3--

      --b1_a1B2c3
      Content-Type: text/plain; name="note.txt"
      Content-Disposition: attachment; filename="note.txt"

      Grüße
      --b1_a1B2c3--
      `,
    reads: {
      from: 'Form <form@site.example>',
      subject: 'Contact form',
      text: 'Name: Zoë\n',
      html: '<b>Name:</b> Zoë\n',
      attachments: [file('note.txt', 'text/plain', 'Grüße')],
    },
  },
  {
    name: 'PHP mail() on Unix: line feeds, no MIME-Version, HTML in eight bits without a charset',
    source: Buffer.from(
      'From: www-data <www@site.example>\nTo: support@example.net\nSubject: Grüße aus dem Formular\nX-PHP-Originating-Script: 33:mail.php\nContent-type: text/html\n\n<h1>Grüße</h1>\n',
    ),
    reads: {
      from: 'www-data <www@site.example>',
      subject: 'Grüße aus dem Formular',
      text: null,
      html: '<h1>Grüße</h1>\n',
    },
  },
  {
    name: 'cron: no MIME at all',
    source: eml`
      From: root@db1.example (Cron Daemon)
      To: ops@example.net
      Subject: Cron <root@db1> /usr/local/bin/backup
      Date: Fri, 16 Feb 2024 03:00:01 +0000 (UTC)
      X-Cron-Env: <SHELL=/bin/sh>
      Message-Id: <20240216030001.ABC123@db1.example>

      rsync: connection unexpectedly closed
      `,
    reads: {
      from: 'Cron Daemon <root@db1.example>',
      subject: 'Cron <root@db1> /usr/local/bin/backup',
      text: 'rsync: connection unexpectedly closed\n',
      html: null,
    },
  },
  {
    name: 'a scanner: a file and no words',
    source: eml`
      From: "RICOH MP C3004" <scanner@office.example>
      Subject: Message from "RNP002673"
      Date: Fri, 16 Feb 2024 08:00:00 +0100
      To: bob@example.net
      Message-Id: <20240216080000.0001@office.example>
      Mime-Version: 1.0
      Content-Type: multipart/mixed;boundary="DC_BOUND_PRE_<1708070400.0026>"
      Content-Transfer-Encoding: 7bit

      This is a multi-part message in MIME format.

      --DC_BOUND_PRE_<1708070400.0026>
      Content-Type: application/pdf; name="202402160800.pdf"
      Content-Transfer-Encoding: base64
      Content-Disposition: attachment; filename="202402160800.pdf"

      JVBERi0xLjQ=
      --DC_BOUND_PRE_<1708070400.0026>--
      `,
    reads: {
      from: 'RICOH MP C3004 <scanner@office.example>',
      subject: 'Message from "RNP002673"',
      text: null,
      html: null,
      attachments: [file('202402160800.pdf', 'application/pdf', '%PDF-1.4')],
    },
  },
  {
    name: 'a fax: one TIFF as the whole mail',
    source: eml`
      From: fax@office.example
      To: bob@example.net
      Subject: Fax from +49 30 1234
      Date: Fri, 16 Feb 2024 09:00:00 +0100
      MIME-Version: 1.0
      Content-Type: image/tiff; name=fax.tif
      Content-Transfer-Encoding: base64

      SUkqAAgAAAA=
      `,
    reads: {
      from: 'fax@office.example',
      subject: 'Fax from +49 30 1234',
      text: null,
      html: null,
      attachments: [file('fax.tif', 'image/tiff', hex('49492a0008000000'))],
    },
  },
  {
    name: 'voice mail: text and a sound in multipart/voice-message',
    source: eml`
      From: pbx@office.example
      To: bob@example.net
      Subject: Voice mail (0:12)
      Date: Fri, 16 Feb 2024 09:30:00 +0100
      MIME-Version: 1.0 (Voice 2.0)
      Content-Type: multipart/voice-message; boundary="vm"

      --vm
      Content-Type: text/plain; charset=us-ascii

      12 seconds
      --vm
      Content-Type: audio/x-wav; name="msg0001.wav"
      Content-Disposition: inline; filename="msg0001.wav"; voice=Voice-Message
      Content-Transfer-Encoding: base64

      UklGRiQAAABXQVZF
      --vm--
      `,
    reads: {
      from: 'pbx@office.example',
      subject: 'Voice mail (0:12)',
      text: '12 seconds',
      html: null,
      attachments: [inline('msg0001.wav', 'audio/x-wav', null, base64('UklGRiQAAABXQVZF'))],
    },
  },
  {
    name: 'Mailman: the list puts its footer beside the words',
    source: eml`
      From: ann@example.org (Ann)
      Date: Sat, 17 Feb 2024 10:00:00 +0100
      Subject: [Dev] Proposal
      Message-ID: <mm1@example.org>
      To: dev@lists.example
      List-Id: Development <dev.lists.example>
      MIME-Version: 1.0
      Content-Type: multipart/mixed; boundary="===============7777=="

      --===============7777==
      Content-Type: text/plain; charset="iso-8859-1"
      Content-Transfer-Encoding: quoted-printable

      H=F6rt!
      --===============7777==
      Content-Type: text/plain; charset="us-ascii"
      MIME-Version: 1.0
      Content-Transfer-Encoding: 7bit
      Content-Disposition: inline

      _______________________________________________
      Dev mailing list
      --===============7777==--
      `,
    reads: {
      from: 'Ann <ann@example.org>',
      subject: '[Dev] Proposal',
      text: 'Hört!\n_______________________________________________\nDev mailing list',
      html: null,
    },
  },
  {
    name: 'a digest: its mails are files, though no part says what it is',
    source: eml`
      From: dev-request@lists.example
      To: dev@lists.example
      Subject: Dev Digest, Vol 1, Issue 2
      Date: Sun, 18 Feb 2024 12:00:00 +0100
      Message-ID: <digest1@lists.example>
      MIME-Version: 1.0
      Content-Type: multipart/mixed; boundary="out"

      --out
      Content-Type: text/plain; charset="us-ascii"

      Today's topics: one, two
      --out
      Content-Type: multipart/digest; boundary="in"

      --in

      From: ann@example.org
      Subject: one

      first
      --in

      From: bob@example.org
      Subject: two

      second
      --in--
      --out--
      `,
    reads: {
      from: 'dev-request@lists.example',
      subject: 'Dev Digest, Vol 1, Issue 2',
      text: "Today's topics: one, two",
      html: null,
      attachments: [
        file(
          'attachment-1.eml',
          'message/rfc822',
          crlf('From: ann@example.org', 'Subject: one', '', 'first'),
        ),
        file(
          'attachment-2.eml',
          'message/rfc822',
          crlf('From: bob@example.org', 'Subject: two', '', 'second'),
        ),
      ],
    },
  },
  {
    name: 'a sender that folds its headers with tabs and ends them without a value',
    source: eml`
      From:
      	"Build"
      	<ci@example.org>
      To: undisclosed-recipients:;
      Subject: Build
      	#42
      	passed
      Reply-To:
      Date: Sun, 18 Feb 2024 13:00:00 +0100
      Message-ID: <ci42@example.org>
      Content-Type: text/plain

      ok
      `,
    reads: { from: 'Build <ci@example.org>', subject: 'Build #42 passed', text: 'ok\n', html: null },
  },
  {
    name: 'a picture whose place the HTML names by its location',
    source: eml`
      From: news@shop.example
      To: bob@example.net
      Subject: MHTML
      Date: Sun, 18 Feb 2024 14:00:00 +0100
      Message-ID: <mhtml1@shop.example>
      MIME-Version: 1.0
      Content-Type: multipart/related; type="text/html"; boundary="r"

      --r
      Content-Type: text/html; charset=utf-8
      Content-Location: http://shop.example/news.html

      <img src="dot.gif">
      --r
      Content-Type: image/gif
      Content-Transfer-Encoding: base64
      Content-Location: http://shop.example/dot.gif

      ${PIXEL}
      --r--
      `,
    reads: {
      from: 'news@shop.example',
      subject: 'MHTML',
      text: null,
      html: '<img src="dot.gif">',
      attachments: [file('attachment-1.gif', 'image/gif', base64(PIXEL))],
    },
  },
];
