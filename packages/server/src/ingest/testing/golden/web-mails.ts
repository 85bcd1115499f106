import { base64, eml, file, type GoldenMail, hex, inline, PIXEL } from './golden-mail.ts';

/** Mail of the web and of telephones. */
export const webMails: readonly GoldenMail[] = [
  {
    name: 'Gmail: an answer in two forms, with its quotation',
    source: eml`
      MIME-Version: 1.0
      References: <x@example.net>
      In-Reply-To: <x@example.net>
      From: Maria Silva <maria@gmail.example>
      Date: Mon, 5 Feb 2024 10:00:00 -0300
      Message-ID: <CAF+abc123=DEF@mail.gmail.example>
      Subject: =?UTF-8?Q?Re=3A_Confirma=C3=A7=C3=A3o?=
      To: support@example.net
      Content-Type: multipart/alternative; boundary="000000000000a1b2c30610a1b2c3"

      --000000000000a1b2c30610a1b2c3
      Content-Type: text/plain; charset="UTF-8"
      Content-Transfer-Encoding: quoted-printable

      Est=C3=A1 certo!

      On Mon, Feb 5, 2024 at 9:58=E2=80=AFAM Support <support@example.net> wrote:

      > Ok?
      >

      --000000000000a1b2c30610a1b2c3
      Content-Type: text/html; charset="UTF-8"
      Content-Transfer-Encoding: quoted-printable

      <div dir=3D"ltr">Est=C3=A1 certo!</div><br><div class=3D"gmail_quote">Ok?</div>

      --000000000000a1b2c30610a1b2c3--
      `,
    reads: {
      from: 'Maria Silva <maria@gmail.example>',
      subject: 'Re: Confirmação',
      text: 'Está certo!\n\nOn Mon, Feb 5, 2024 at 9:58\u202FAM Support <support@example.net> wrote:\n\n> Ok?\n>\n',
      html: '<div dir="ltr">Está certo!</div><br><div class="gmail_quote">Ok?</div>\n',
    },
  },
  {
    name: 'Gmail: a picture among the words, and a file beside them',
    source: eml`
      MIME-Version: 1.0
      From: Maria <maria@gmail.example>
      Date: Mon, 5 Feb 2024 11:00:00 -0300
      Message-ID: <CAF+inline@mail.gmail.example>
      Subject: foto
      To: support@example.net
      Content-Type: multipart/mixed; boundary="0000000000001"

      --0000000000001
      Content-Type: multipart/related; boundary="0000000000002"

      --0000000000002
      Content-Type: multipart/alternative; boundary="0000000000003"

      --0000000000003
      Content-Type: text/plain; charset="UTF-8"

      [image: dot.gif]

      --0000000000003
      Content-Type: text/html; charset="UTF-8"

      <div dir="ltr"><img src="cid:ii_ls8abc0" alt="dot.gif"></div>

      --0000000000003--
      --0000000000002
      Content-Type: image/gif; name="dot.gif"
      Content-Disposition: inline; filename="dot.gif"
      Content-Transfer-Encoding: base64
      Content-ID: <ii_ls8abc0>
      X-Attachment-Id: ii_ls8abc0

      ${PIXEL}
      --0000000000002--
      --0000000000001
      Content-Type: text/csv; charset="US-ASCII"; name="pedido.csv"
      Content-Disposition: attachment; filename="pedido.csv"
      Content-Transfer-Encoding: base64
      Content-ID: <f_ls8abd1>
      X-Attachment-Id: f_ls8abd1

      YTtiCjE7Mgo=
      --0000000000001--
      `,
    reads: {
      from: 'Maria <maria@gmail.example>',
      subject: 'foto',
      text: '[image: dot.gif]\n',
      html: '<div dir="ltr"><img src="cid:ii_ls8abc0" alt="dot.gif"></div>\n',
      attachments: [
        inline('dot.gif', 'image/gif', 'ii_ls8abc0', base64(PIXEL)),
        { ...file('pedido.csv', 'text/csv', 'a;b\n1;2\n'), content_id: 'f_ls8abd1' },
      ],
    },
  },
  {
    name: 'Gmail: a reaction is a file beside its words',
    source: eml`
      MIME-Version: 1.0
      From: Maria <maria@gmail.example>
      Date: Mon, 5 Feb 2024 12:00:00 -0300
      Message-ID: <CAF+reaction@mail.gmail.example>
      In-Reply-To: <x@example.net>
      Subject: Re: Ok
      To: support@example.net
      Content-Type: multipart/alternative; boundary="r1"

      --r1
      Content-Type: text/plain; charset="UTF-8"
      Content-Transfer-Encoding: base64

      8J+RjSBNYXJpYSByZWFjdGVkIHZpYSBHbWFpbA0K
      --r1
      Content-Type: text/vnd.google.email-reaction+json; charset="UTF-8"

      {"emoji":"x","version":1}
      --r1
      Content-Type: text/html; charset="UTF-8"
      Content-Transfer-Encoding: base64

      PHA+8J+RjTwvcD4=
      --r1--
      `,
    reads: {
      from: 'Maria <maria@gmail.example>',
      subject: 'Re: Ok',
      text: '👍 Maria reacted via Gmail\n',
      html: '<p>👍</p>',
      attachments: [
        file('attachment-1.bin', 'text/vnd.google.email-reaction+json', '{"emoji":"x","version":1}'),
      ],
    },
  },
  {
    name: 'Outlook.com: HTML and text, both in UTF-8 in base64',
    source: eml`
      From: =?utf-8?B?SsO8cmdlbg==?= <juergen@outlook.example>
      To: "support@example.net" <support@example.net>
      Subject: =?utf-8?B?UsO8Y2tmcmFnZQ==?=
      Thread-Topic: =?utf-8?B?UsO8Y2tmcmFnZQ==?=
      Date: Tue, 6 Feb 2024 07:00:00 +0000
      Message-ID: <DB9P190MB1234@DB9P190MB1234.EURP190.PROD.OUTLOOK.EXAMPLE>
      Content-Type: multipart/alternative;
       boundary="_000_DB9P190MB1234_"
      MIME-Version: 1.0

      --_000_DB9P190MB1234_
      Content-Type: text/plain; charset="utf-8"
      Content-Transfer-Encoding: base64

      V2FubiBnZWh0IGVzIMO8YnJpZ2Vucz8NCg==

      --_000_DB9P190MB1234_
      Content-Type: text/html; charset="utf-8"
      Content-Transfer-Encoding: base64

      PHA+V2FubiBnZWh0IGVzIMO8YnJpZ2Vucz88L3A+DQo=

      --_000_DB9P190MB1234_--
      `,
    reads: {
      from: 'Jürgen <juergen@outlook.example>',
      subject: 'Rückfrage',
      text: 'Wann geht es übrigens?\n',
      html: '<p>Wann geht es übrigens?</p>\n',
    },
  },
  {
    name: 'Yahoo: a plain part with lines of its own',
    source: eml`
      Date: Wed, 7 Feb 2024 06:00:00 +0000 (UTC)
      From: Bob Ray <bob@yahoo.example>
      To: support@example.net
      Message-ID: <1029384756.123456.1707285600000@mail.yahoo.example>
      Subject: order
      MIME-Version: 1.0
      Content-Type: multipart/alternative;
      	boundary="----=_Part_123455_1847562901.1707285599999"
      X-Mailer: WebService/1.1.22046 YMailNorrin

      ------=_Part_123455_1847562901.1707285599999
      Content-Type: text/plain; charset=UTF-8
      Content-Transfer-Encoding: 7bit

      where is it?
      Sent from Yahoo Mail on Android
      ------=_Part_123455_1847562901.1707285599999
      Content-Type: text/html; charset=UTF-8
      Content-Transfer-Encoding: 7bit

      <p>where is it?</p>
      ------=_Part_123455_1847562901.1707285599999--
      `,
    reads: {
      from: 'Bob Ray <bob@yahoo.example>',
      subject: 'order',
      text: 'where is it?\nSent from Yahoo Mail on Android',
      html: '<p>where is it?</p>',
    },
  },
  {
    name: 'iPhone: words and a photograph',
    source: eml`
      Content-Type: multipart/mixed; boundary=Apple-Mail-1B2C3D4E
      Content-Transfer-Encoding: 7bit
      From: Lena <lena@icloud.example>
      Mime-Version: 1.0 (1.0)
      Date: Thu, 8 Feb 2024 20:15:00 +0100
      Subject: Broken
      Message-Id: <6C5D@icloud.example>
      To: support@example.net
      X-Mailer: iPhone Mail (21D50)


      --Apple-Mail-1B2C3D4E
      Content-Type: text/plain;
      	charset=utf-8
      Content-Transfer-Encoding: quoted-printable

      It=E2=80=99s cracked=20

      --Apple-Mail-1B2C3D4E
      Content-Type: image/jpeg;
      	name=IMG_0042.jpeg;
      	x-apple-part-url=7E1F
      Content-Disposition: inline;
      	filename=IMG_0042.jpeg
      Content-Transfer-Encoding: base64

      /9j/4AAQSkZJRgABAQ==

      --Apple-Mail-1B2C3D4E
      Content-Type: text/plain;
      	charset=us-ascii
      Content-Transfer-Encoding: 7bit



      Sent from my iPhone
      --Apple-Mail-1B2C3D4E--
      `,
    reads: {
      from: 'Lena <lena@icloud.example>',
      subject: 'Broken',
      text: 'It’s cracked \n\n\n\nSent from my iPhone',
      html: null,
      attachments: [inline('IMG_0042.jpeg', 'image/jpeg', null, base64('/9j/4AAQSkZJRgABAQ=='))],
    },
  },
  {
    name: 'Samsung on Android: base64, a Subject of one long encoded word',
    source: eml`
      Date: Fri, 9 Feb 2024 12:00:00 +0900
      Subject: =?UTF-8?B?7KO866y4IO2ZleyduA==?=
      Message-ID: <abcdef.1707447600000@email.android.example>
      Importance: normal
      From: =?UTF-8?B?6rmA?= <kim@naver.example>
      To: support@example.net
      MIME-Version: 1.0
      Content-Type: text/plain; charset=utf-8
      Content-Transfer-Encoding: base64

      7JWI64WV7ZWY7IS47JqU
      `,
    reads: { from: '김 <kim@naver.example>', subject: '주문 확인', text: '안녕하세요', html: null },
  },
  {
    name: 'QQ Mail: GB18030 everywhere, and a file whose kind only its name tells',
    source: eml`
      From: "=?gb18030?B?xOO6ww==?=" <10001@qq.example>
      To: "=?gb18030?B?c3VwcG9ydA==?=" <support@example.net>
      Subject: =?gb18030?B?xPq6w6Ostqm1pdLRt6K79Q==?=
      Mime-Version: 1.0
      Content-Type: multipart/mixed;
      	boundary="----=_NextPart_65C1A2B3_0D0B1C20_1F2E3D4C"
      Content-Transfer-Encoding: 8Bit
      Date: Fri, 9 Feb 2024 14:00:00 +0800
      X-Priority: 3
      Message-ID: <tencent_0A1B2C3D4E5F@qq.example>
      X-QQ-MIME: TCMime 1.0 by Tencent
      X-Mailer: QQMail 2.x

      This is a multi-part message in MIME format.

      ------=_NextPart_65C1A2B3_0D0B1C20_1F2E3D4C
      Content-Type: text/plain;
      	charset="gb18030"
      Content-Transfer-Encoding: base64

      x+uy6crVoaM=

      ------=_NextPart_65C1A2B3_0D0B1C20_1F2E3D4C
      Content-Type: application/octet-stream;
      	charset="gb18030";
      	name="=?gb18030?B?1tDOxM7EvP4=?=.doc"
      Content-Disposition: attachment; filename="=?gb18030?B?1tDOxM7EvP4=?=.doc"
      Content-Transfer-Encoding: base64

      0M8R4A==

      ------=_NextPart_65C1A2B3_0D0B1C20_1F2E3D4C--
      `,
    reads: {
      from: '你好 <10001@qq.example>',
      subject: '您好，订单已发货',
      text: '请查收。',
      html: null,
      attachments: [file('中文文件.doc', 'application/msword', hex('d0cf11e0'))],
    },
  },
  {
    name: 'NetEase 163: GBK with headers in the same',
    source: eml`
      Date: Sat, 10 Feb 2024 09:00:00 +0800 (CST)
      From: wang <wang@163.example>
      To: support@example.net
      Subject: =?GBK?B?t6LGsQ==?=
      X-Mailer: Coremail Webmail Server Version XT5.0.14
      Content-Type: text/plain; charset=GBK
      Content-Transfer-Encoding: base64
      MIME-Version: 1.0
      Message-ID: <1a2b3c4d.1a2.18d9.Coremail.wang@163.example>

      x+uy6crVoaM=
      `,
    reads: { from: 'wang <wang@163.example>', subject: '发票', text: '请查收。', html: null },
  },
  {
    name: 'a Japanese telephone: ISO-2022-JP in seven bits',
    source: eml`
      Date: Sun, 11 Feb 2024 08:30:00 +0900
      From: "=?iso-2022-jp?B?GyRCQ21KODNORycbKEI=?=" <order@docomo.example>
      To: support@example.net
      Subject: =?iso-2022-jp?B?GyRCQ21KODNORycbKEI=?=
      Message-ID: <docomo1@docomo.example>
      MIME-Version: 1.0
      Content-Type: text/plain; charset="iso-2022-jp"
      Content-Transfer-Encoding: 7bit

      ${hex('1b2442')}$4CmJ8$"$j$,$H$&$4$6$$$^$9!#${hex('1b2842')}
      `,
    reads: {
      from: '注文確認 <order@docomo.example>',
      subject: '注文確認',
      text: 'ご注文ありがとうございます。\n',
      html: null,
    },
  },
  {
    name: 'a Japanese shop: ISO-2022-JP hidden in base64',
    source: eml`
      Date: Sun, 11 Feb 2024 08:31:00 +0900
      From: shop@rakuten.example
      To: support@example.net
      Subject: =?Shift_JIS?B?g2WDWINn?=
      Message-ID: <r1@rakuten.example>
      MIME-Version: 1.0
      Content-Type: text/plain; charset="ISO-2022-JP"
      Content-Transfer-Encoding: base64

      GyRCJCpHYyQkPmUkMiQiJGokLCRIJCYkNCQ2JCQkXiQ5ISMbKEIK
      `,
    reads: {
      from: 'shop@rakuten.example',
      subject: 'テスト',
      text: 'お買い上げありがとうございます。\n',
      html: null,
    },
  },
  {
    name: 'Daum: EUC-KR in quoted-printable',
    source: eml`
      Date: Mon, 12 Feb 2024 10:00:00 +0900 (KST)
      From: lee@hanmail.example
      To: support@example.net
      Subject: =?euc-kr?B?wda5rg==?=
      Message-ID: <hanmail1@hanmail.example>
      MIME-Version: 1.0
      Content-Type: text/plain; charset=euc-kr
      Content-Transfer-Encoding: quoted-printable

      =BE=C8=B3=E7=C7=CF=BC=BC=BF=E4. =C1=D6=B9=AE=C0=CC =C8=AE=C0=CE=B5=C7=BE=FA=
      =BD=C0=B4=CF=B4=D9.
      `,
    reads: {
      from: 'lee@hanmail.example',
      subject: '주문',
      text: '안녕하세요. 주문이 확인되었습니다.\n',
      html: null,
    },
  },
  {
    name: 'Mail.ru: KOI8-R in headers, UTF-8 in the body',
    source: eml`
      From: =?koi8-r?B?+sHLwdo=?= <zakaz@mail.example>
      To: support@example.net
      Subject: =?koi8-r?Q?=FA=C1=CB=C1=DA?=
      MIME-Version: 1.0
      X-Mailer: Mail.Ru Mailer 1.0
      Date: Mon, 12 Feb 2024 13:00:00 +0300
      Message-ID: <1707732000.123456789@f123.i.mail.example>
      Content-Type: multipart/alternative;
       boundary="--ALT--a1B2c3D41707732000"

      ----ALT--a1B2c3D41707732000
      Content-Type: text/plain; charset=utf-8
      Content-Transfer-Encoding: base64

      0J/RgNC40LLQtdGC

      ----ALT--a1B2c3D41707732000
      Content-Type: text/html; charset=utf-8
      Content-Transfer-Encoding: base64

      PEhUTUw+PEJPRFk+0J/RgNC40LLQtdGCPC9CT0RZPjwvSFRNTD4=

      ----ALT--a1B2c3D41707732000--
      `,
    reads: {
      from: 'Заказ <zakaz@mail.example>',
      subject: 'Заказ',
      text: 'Привет',
      html: '<HTML><BODY>Привет</BODY></HTML>',
    },
  },
  {
    name: 'Roundcube: delimiters of sixteen signs, a file with a name in two spellings',
    source: eml`
      MIME-Version: 1.0
      Date: Tue, 13 Feb 2024 09:00:00 +0100
      From: Eva <eva@round.example>
      To: support@example.net
      Subject: =?UTF-8?Q?Lebenslauf?=
      User-Agent: Roundcube Webmail/1.6.5
      Message-ID: <0a1b2c3d4e5f@round.example>
      X-Sender: eva@round.example
      Content-Type: multipart/mixed;
       boundary="=_2f6b8c51a0b1c2d3"

      --=_2f6b8c51a0b1c2d3
      Content-Transfer-Encoding: 7bit
      Content-Type: text/plain; charset=US-ASCII;
       format=flowed

      Anbei.
      --=_2f6b8c51a0b1c2d3
      Content-Transfer-Encoding: base64
      Content-Type: application/pdf;
       name="=?UTF-8?Q?Lebenslauf_M=C3=BCller=2Epdf?="
      Content-Disposition: attachment;
       filename*=UTF-8''Lebenslauf%20M%C3%BCller.pdf;
       size=8

      JVBERi0xLjQ=
      --=_2f6b8c51a0b1c2d3--
      `,
    reads: {
      from: 'Eva <eva@round.example>',
      subject: 'Lebenslauf',
      text: 'Anbei.',
      html: null,
      attachments: [file('Lebenslauf Müller.pdf', 'application/pdf', '%PDF-1.4')],
    },
  },
  {
    name: 'Proton: HTML only, with a name in quotes that are escaped',
    source: eml`
      Date: Tue, 13 Feb 2024 10:00:00 +0000
      To: support@example.net
      From: "Max \"The Fox\" Muster" <max@proton.example>
      Subject: Question
      Message-ID: <abc_DEF=@proton.example>
      Feedback-ID: 123:user:proton
      MIME-Version: 1.0
      Content-Type: text/html; charset=utf-8
      Content-Transfer-Encoding: quoted-printable

      <div style=3D"font-family: Arial">A question</div>
      `,
    reads: {
      from: 'Max "The Fox" Muster <max@proton.example>',
      subject: 'Question',
      text: null,
      html: '<div style="font-family: Arial">A question</div>\n',
    },
  },
  {
    name: 'a file as the whole mail, its name in raw UTF-8',
    source: eml`
      From: Eva <eva@round.example>
      To: support@example.net
      Subject: Scan
      Date: Tue, 13 Feb 2024 11:00:00 +0100
      Message-ID: <raw1@round.example>
      MIME-Version: 1.0
      Content-Type: application/pdf; name="Übersicht.pdf"
      Content-Disposition: attachment; filename="Übersicht – 2024.pdf"
      Content-Transfer-Encoding: base64

      JVBERi0xLjQ=
      `,
    reads: {
      from: 'Eva <eva@round.example>',
      subject: 'Scan',
      text: null,
      html: null,
      attachments: [file('Übersicht – 2024.pdf', 'application/pdf', '%PDF-1.4')],
    },
  },
];
