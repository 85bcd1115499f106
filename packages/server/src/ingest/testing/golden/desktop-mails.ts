import { base64, eml, file, type GoldenMail, inline, PIXEL } from './golden-mail.ts';

/** Mail programs of desks. */
export const desktopMails: readonly GoldenMail[] = [
  {
    name: 'Outlook 365: words in two forms around a logo, and a file',
    source: eml`
      Received: from AM0PR04MB1234.eurprd04.prod.outlook.com ([fe80::1]) by
       AM0PR04MB1234.eurprd04.prod.outlook.com ([fe80::1%4]) with mapi id 15.20.7316.039;
       Fri, 2 Feb 2024 09:11:02 +0000
      From: "Weber, Karl" <karl.weber@contoso.example>
      To: Support <support@example.net>
      Subject: AW: Angebot 4711
      Thread-Topic: Angebot 4711
      Thread-Index: AQHaVaF2kN3xV1q0r0mE8w==
      Date: Fri, 2 Feb 2024 09:11:01 +0000
      Message-ID: <AM0PR04MB1234E7F1@AM0PR04MB1234.eurprd04.prod.outlook.com>
      In-Reply-To: <x@example.net>
      Accept-Language: de-DE, en-US
      Content-Language: de-DE
      X-MS-Has-Attach: yes
      Content-Type: multipart/mixed;
      	boundary="_005_AM0PR04MB1234E7F1AM0PR04MB1234eurp_"
      MIME-Version: 1.0

      --_005_AM0PR04MB1234E7F1AM0PR04MB1234eurp_
      Content-Type: multipart/related;
      	boundary="_004_AM0PR04MB1234E7F1AM0PR04MB1234eurp_";
      	type="multipart/alternative"

      --_004_AM0PR04MB1234E7F1AM0PR04MB1234eurp_
      Content-Type: multipart/alternative;
      	boundary="_000_AM0PR04MB1234E7F1AM0PR04MB1234eurp_"

      --_000_AM0PR04MB1234E7F1AM0PR04MB1234eurp_
      Content-Type: text/plain; charset="iso-8859-1"
      Content-Transfer-Encoding: quoted-printable

      Guten Tag,

      das passt f=FCr uns. Gr=FC=DFe
      [cid:image001.png@01DA55B4.1A2B3C40]
      --_000_AM0PR04MB1234E7F1AM0PR04MB1234eurp_
      Content-Type: text/html; charset="iso-8859-1"
      Content-Transfer-Encoding: quoted-printable

      <html xmlns:o=3D"urn:schemas-microsoft-com:office:office"><body><p class=3D"M=
      soNormal">das passt f=FCr uns.<o:p></o:p></p><img src=3D"cid:image001.png@01=
      DA55B4.1A2B3C40"></body></html>
      --_000_AM0PR04MB1234E7F1AM0PR04MB1234eurp_--

      --_004_AM0PR04MB1234E7F1AM0PR04MB1234eurp_
      Content-Type: image/png; name="image001.png"
      Content-Description: image001.png
      Content-Disposition: inline; filename="image001.png"; size=42;
      	creation-date="Fri, 02 Feb 2024 09:11:01 GMT"
      Content-ID: <image001.png@01DA55B4.1A2B3C40>
      Content-Transfer-Encoding: base64

      ${PIXEL}

      --_004_AM0PR04MB1234E7F1AM0PR04MB1234eurp_--

      --_005_AM0PR04MB1234E7F1AM0PR04MB1234eurp_
      Content-Type: application/pdf; name="Angebot 4711.pdf"
      Content-Description: Angebot 4711.pdf
      Content-Disposition: attachment; filename="Angebot 4711.pdf"; size=8
      Content-Transfer-Encoding: base64

      JVBERi0xLjQ=

      --_005_AM0PR04MB1234E7F1AM0PR04MB1234eurp_--
      `,
    reads: {
      from: 'Weber, Karl <karl.weber@contoso.example>',
      subject: 'AW: Angebot 4711',
      text: 'Guten Tag,\n\ndas passt für uns. Grüße\n[cid:image001.png@01DA55B4.1A2B3C40]',
      html: '<html xmlns:o="urn:schemas-microsoft-com:office:office"><body><p class="MsoNormal">das passt für uns.<o:p></o:p></p><img src="cid:image001.png@01DA55B4.1A2B3C40"></body></html>',
      attachments: [
        inline('image001.png', 'image/png', 'image001.png@01DA55B4.1A2B3C40', base64(PIXEL)),
        file('Angebot 4711.pdf', 'application/pdf', '%PDF-1.4'),
      ],
    },
  },
  {
    name: 'Outlook 2003: text in Windows-1252 with its own quotation marks',
    source: eml`
      From: "Jane Roe" <jane@fabrikam.example>
      To: <support@example.net>
      Subject: RE: Printer
      Date: Tue, 6 Apr 2010 14:02:33 +0200
      Message-ID: <000001cad581$f2a5a2a0$d7f0e7e0$@example>
      MIME-Version: 1.0
      Content-Type: text/plain;
      	charset="Windows-1252"
      Content-Transfer-Encoding: quoted-printable
      X-Mailer: Microsoft Office Outlook 11
      X-MimeOLE: Produced By Microsoft MimeOLE V6.00.2900.5579

      It says =93paper jam=94 =96 but there=92s none=85

      -----Original Message-----
      From: Support
      `,
    reads: {
      from: 'Jane Roe <jane@fabrikam.example>',
      subject: 'RE: Printer',
      text: 'It says “paper jam” – but there’s none…\n\n-----Original Message-----\nFrom: Support\n',
      html: null,
    },
  },
  {
    name: 'Outlook with rich text: winmail.dat stays one file',
    source: eml`
      From: Joe Public <joe@fabrikam.example>
      To: support@example.net
      Subject: Rich text
      Date: Thu, 1 Feb 2024 10:00:00 +0100
      Message-ID: <tnef1@fabrikam.example>
      MIME-Version: 1.0
      Content-Type: multipart/mixed; boundary="----_=_NextPart_000_01DA54F5.9A0B1C2D"
      X-MS-TNEF-Correlator: <tnef1@fabrikam.example>

      This is a multi-part message in MIME format.

      ------_=_NextPart_000_01DA54F5.9A0B1C2D
      Content-Type: text/plain; charset="us-ascii"
      Content-Transfer-Encoding: quoted-printable

      See attached.

      ------_=_NextPart_000_01DA54F5.9A0B1C2D
      Content-Type: application/ms-tnef; name="winmail.dat"
      Content-Transfer-Encoding: base64
      Content-Disposition: attachment; filename="winmail.dat"

      eJ8+IgAAAQaQCAAEAAAAAAABAAEAAQeQBgAIAAAA5AQAAAAAAADoAA==

      ------_=_NextPart_000_01DA54F5.9A0B1C2D--
      `,
    reads: {
      from: 'Joe Public <joe@fabrikam.example>',
      subject: 'Rich text',
      text: 'See attached.\n',
      html: null,
      attachments: [
        file(
          'winmail.dat',
          'application/ms-tnef',
          base64('eJ8+IgAAAQaQCAAEAAAAAAABAAEAAQeQBgAIAAAA5AQAAAAAAADoAA=='),
        ),
      ],
    },
  },
  {
    name: 'Apple Mail: a PDF between two pieces of text',
    source: eml`
      From: =?utf-8?Q?Zo=C3=AB_Krause?= <zoe@mac.example>
      Content-Type: multipart/mixed;
      	boundary="Apple-Mail=_2F3B8C51-6C1C-4B0C-8C3B-6E6B4E1F2A3D"
      Mime-Version: 1.0 (Mac OS X Mail 16.0 \(3774.400.31\))
      Subject: =?utf-8?Q?Mietvertrag_=E2=80=93_Entwurf?=
      Message-Id: <2B7C@mac.example>
      Date: Sun, 4 Feb 2024 18:40:12 +0100
      To: support@example.net
      X-Mailer: Apple Mail (2.3774.400.31)

      --Apple-Mail=_2F3B8C51-6C1C-4B0C-8C3B-6E6B4E1F2A3D
      Content-Transfer-Encoding: 7bit
      Content-Type: text/plain;
      	charset=us-ascii

      Here it is:


      --Apple-Mail=_2F3B8C51-6C1C-4B0C-8C3B-6E6B4E1F2A3D
      Content-Disposition: inline;
      	filename="Mietvertrag - Entwurf.pdf"
      Content-Type: application/pdf;
      	x-unix-mode=0644;
      	name="Mietvertrag - Entwurf.pdf"
      Content-Transfer-Encoding: base64

      JVBERi0xLjQ=
      --Apple-Mail=_2F3B8C51-6C1C-4B0C-8C3B-6E6B4E1F2A3D
      Content-Transfer-Encoding: 7bit
      Content-Type: text/plain;
      	charset=us-ascii

      Please sign.

      --Apple-Mail=_2F3B8C51-6C1C-4B0C-8C3B-6E6B4E1F2A3D--
      `,
    reads: {
      from: 'Zoë Krause <zoe@mac.example>',
      subject: 'Mietvertrag – Entwurf',
      text: 'Here it is:\n\n\nPlease sign.\n',
      html: null,
      attachments: [inline('Mietvertrag - Entwurf.pdf', 'application/pdf', null, '%PDF-1.4')],
    },
  },
  {
    name: 'Apple Mail: HTML whose picture is a part of the alternative',
    source: eml`
      From: Ann Lee <ann@mac.example>
      To: support@example.net
      Subject: Screenshot
      Message-Id: <9A1@mac.example>
      Date: Sun, 4 Feb 2024 19:00:00 +0100
      Mime-Version: 1.0 (1.0)
      Content-Type: multipart/alternative; boundary="Apple-Mail=_A"

      --Apple-Mail=_A
      Content-Transfer-Encoding: 7bit
      Content-Type: text/plain; charset=us-ascii

      It looks like this

      --Apple-Mail=_A
      Content-Type: multipart/related; type="text/html"; boundary="Apple-Mail=_B"

      --Apple-Mail=_B
      Content-Transfer-Encoding: 7bit
      Content-Type: text/html; charset=us-ascii

      <html><body>It looks like this<img src="cid:4D2F@home"></body></html>
      --Apple-Mail=_B
      Content-Transfer-Encoding: base64
      Content-Disposition: inline; filename="Screenshot 2024-02-04 at 19.00.00.gif"
      Content-Type: image/gif; x-unix-mode=0666; name="Screenshot 2024-02-04 at 19.00.00.gif"
      Content-Id: <4D2F@home>

      ${PIXEL}
      --Apple-Mail=_B--

      --Apple-Mail=_A--
      `,
    reads: {
      from: 'Ann Lee <ann@mac.example>',
      subject: 'Screenshot',
      text: 'It looks like this\n',
      html: '<html><body>It looks like this<img src="cid:4D2F@home"></body></html>',
      attachments: [inline('Screenshot 2024-02-04 at 19.00.00.gif', 'image/gif', '4D2F@home', base64(PIXEL))],
    },
  },
  {
    name: 'Thunderbird: flowed text with a quotation and a signature',
    source: eml`
      Message-ID: <8f6f2b1c-9a3d@birds.example>
      Date: Mon, 5 Feb 2024 08:00:00 +0000
      MIME-Version: 1.0
      User-Agent: Mozilla Thunderbird
      Subject: Re: Invoice
      Content-Language: en-GB
      To: Support <support@example.net>
      From: Finn Bird <finn@birds.example>
      Content-Type: text/plain; charset=UTF-8; format=flowed
      Content-Transfer-Encoding: 8bit

      On 04/02/2024 18:40, Support wrote:
      > Which invoice do you mean? We found two of ${''}
      > them.
      The one of January – the other one was paid already, as you can see ${''}
      from the receipt.

      -- ${''}
      Finn
      `,
    reads: {
      from: 'Finn Bird <finn@birds.example>',
      subject: 'Re: Invoice',
      text: 'On 04/02/2024 18:40, Support wrote:\n> Which invoice do you mean? We found two of them.\nThe one of January – the other one was paid already, as you can see from the receipt.\n\n-- \nFinn\n',
      html: null,
    },
  },
  {
    name: 'Thunderbird in Japanese: flowed with delsp, which takes the blank away',
    source: eml`
      From: =?ISO-2022-JP?B?GyRCOzNFRBsoQg==?= <yamada@birds.example>
      To: support@example.net
      Subject: =?ISO-2022-JP?B?GyRCOCtAUSRiJGobKEI=?=
      Date: Mon, 5 Feb 2024 17:00:00 +0900
      Message-ID: <delsp@birds.example>
      MIME-Version: 1.0
      Content-Type: text/plain; charset=UTF-8; format=flowed; delsp=yes
      Content-Transfer-Encoding: 8bit

      見積もりを ${''}
      お願いします。
      `,
    reads: {
      from: '山田 <yamada@birds.example>',
      subject: '見積もり',
      text: '見積もりをお願いします。\n',
      html: null,
    },
  },
  {
    name: 'mutt: Latin-1 in quoted-printable, not to be changed',
    source: eml`
      Date: Wed, 3 Jan 2001 12:00:00 +0100
      From: =?iso-8859-1?Q?J=F6rg_M=FCller?= <joerg@unix.example>
      To: support@example.net
      Subject: Frage zur Gr=?iso-8859-1?Q?=F6=DFe?=
      Message-ID: <20010103120000.GA1234@unix.example>
      Mime-Version: 1.0
      Content-Type: text/plain; charset=iso-8859-1
      Content-Disposition: inline
      Content-Transfer-Encoding: quoted-printable
      User-Agent: Mutt/1.2.5i

      Gr=F6=DFe?

      --=20
      J=F6rg
      `,
    reads: {
      from: 'Jörg Müller <joerg@unix.example>',
      subject: 'Frage zur Größe',
      text: 'Größe?\n\n-- \nJörg\n',
      html: null,
    },
  },
  {
    name: 'Lotus Notes: delimiters that begin with “=_”, text in 7 bits, a picture as related',
    source: eml`
      To: support@example.net
      MIME-Version: 1.0
      Subject: Statusbericht KW 5
      X-Mailer: Lotus Notes Release 8.5.3 September 15, 2011
      Message-ID: <OF0A1B2C3D.4E5F6A7B-ONC1257ABC.002D9A3B-C1257ABC.002E1234@acme.example>
      From: Erika.Mustermann@acme.example
      Date: Mon, 5 Feb 2024 09:24:11 +0100
      X-MIMETrack: Serialize by Router on NOTES01/ACME(Release 8.5.3FP6|November 21, 2013) at
       05.02.2024 09:24:12,
      	Serialize complete at 05.02.2024 09:24:12
      Content-Type: multipart/related; boundary="=_related 002E1234C1257ABC_="

      --=_related 002E1234C1257ABC_=
      Content-Type: multipart/alternative; boundary="=_alternative 002E1235C1257ABC_="

      --=_alternative 002E1235C1257ABC_=
      Content-Type: text/plain; charset="ISO-8859-1"
      Content-Transfer-Encoding: quoted-printable

      Alles gr=FCn.
      --=_alternative 002E1235C1257ABC_=
      Content-Type: text/html; charset="ISO-8859-1"
      Content-Transfer-Encoding: quoted-printable

      <font size=3D2 face=3D"sans-serif">Alles gr=FCn.</font><br><img src=3Dcid:_1_0=
      A0B0C0D>
      --=_alternative 002E1235C1257ABC_=--

      --=_related 002E1234C1257ABC_=
      Content-Type: image/gif
      Content-ID: <_1_0A0B0C0D>
      Content-Transfer-Encoding: base64

      ${PIXEL}

      --=_related 002E1234C1257ABC_=--
      `,
    reads: {
      from: 'Erika.Mustermann@acme.example',
      subject: 'Statusbericht KW 5',
      text: 'Alles grün.',
      html: '<font size=2 face="sans-serif">Alles grün.</font><br><img src=cid:_1_0A0B0C0D>',
      attachments: [inline('attachment-1.gif', 'image/gif', '_1_0A0B0C0D', base64(PIXEL))],
    },
  },
  {
    name: 'The Bat!: Windows-1251 in base64, headers as well',
    source: eml`
      Date: Thu, 8 Feb 2024 15:30:00 +0300
      From: =?windows-1251?B?yOLg7Q==?= <ivan@bat.example>
      X-Mailer: The Bat! (v10.5) Professional
      X-Priority: 3 (Normal)
      Message-ID: <1234567890.20240208153000@bat.example>
      To: support@example.net
      Subject: =?windows-1251?B?z/Do4uXy?=
      MIME-Version: 1.0
      Content-Type: text/plain; charset=windows-1251
      Content-Transfer-Encoding: base64

      x+Tw4OLx8uLz6fLlIQ==
      `,
    reads: {
      from: 'Иван <ivan@bat.example>',
      subject: 'Привет',
      text: 'Здравствуйте!',
      html: null,
    },
  },
  {
    name: 'Eudora: rich text that is neither plain nor HTML is a file',
    source: eml`
      Message-Id: <4.2.0.58.19990910101010.00a1b2c0@pop.example>
      X-Mailer: QUALCOMM Windows Eudora Pro Version 4.2.0.58
      Date: Fri, 10 Sep 1999 10:10:10 -0400
      To: support@example.net
      From: Sue <sue@pop.example>
      Subject: Colours
      Mime-Version: 1.0
      Content-Type: text/enriched; charset="us-ascii"

      <bold>Now</bold> is the time
      `,
    reads: {
      from: 'Sue <sue@pop.example>',
      subject: 'Colours',
      text: null,
      html: null,
      attachments: [file('attachment-1.bin', 'text/enriched', '<bold>Now</bold> is the time\r\n')],
    },
  },
  {
    name: 'Gnus: a delimiter of signs only',
    source: eml`
      From: Larry <larry@gnus.example>
      To: support@example.net
      Subject: patch
      Date: Fri, 09 Feb 2024 11:00:00 +0100
      Message-ID: <87le7uabcd.fsf@gnus.example>
      User-Agent: Gnus/5.13 (Gnus v5.13) Emacs/29.1 (gnu/linux)
      MIME-Version: 1.0
      Content-Type: multipart/mixed; boundary="=-=-="

      --=-=-=
      Content-Type: text/plain

      Here is a patch.

      --=-=-=
      Content-Type: text/x-patch
      Content-Disposition: attachment; filename=0001-Fix.patch

      --- a/x
      +++ b/x
      --=-=-=
      Content-Type: text/plain

      Bye
      --=-=-=--
      `,
    reads: {
      from: 'Larry <larry@gnus.example>',
      subject: 'patch',
      text: 'Here is a patch.\n\nBye',
      html: null,
      attachments: [file('0001-Fix.patch', 'text/x-patch', '--- a/x\r\n+++ b/x')],
    },
  },
  {
    name: 'Alpine: text alone, with a comment in its content type',
    source: eml`
      Date: Sat, 10 Feb 2024 12:00:00 -0500 (EST)
      From: Ed <ed@pine.example>
      To: support@example.net
      Subject: hi
      Message-ID: <alpine.DEB.2.22.394.2402101200@pine.example>
      User-Agent: Alpine 2.22 (DEB 394 2020-01-19)
      MIME-Version: 1.0
      Content-Type: TEXT/PLAIN; format=flowed; charset=US-ASCII (plain text)

      hello
      `,
    reads: { from: 'Ed <ed@pine.example>', subject: 'hi', text: 'hello\n', html: null },
  },
  {
    name: 'KMail and Evolution: text in base64 with a byte order mark',
    source: eml`
      From: Konqi <konqi@kde.example>
      To: support@example.net
      Subject: Test
      Date: Sat, 10 Feb 2024 13:00:00 +0100
      Message-ID: <2345678.ElGaqSPkdT@host>
      MIME-Version: 1.0
      Content-Type: text/plain; charset="utf-8"
      Content-Transfer-Encoding: base64

      77u/R3LDvMOfZQo=
      `,
    reads: { from: 'Konqi <konqi@kde.example>', subject: 'Test', text: 'Grüße\n', html: null },
  },
];
