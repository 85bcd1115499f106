import { base64, crlf, eml, file, type GoldenMail, inline, PIXEL } from './golden-mail.ts';

/** What servers and readers report of other mail, and answers that nobody wrote. */
export const reportMails: readonly GoldenMail[] = [
  {
    name: 'Postfix: a delivery that failed',
    source: eml`
      Return-Path: <>
      Date: Tue, 20 Feb 2024 09:00:00 +0100 (CET)
      From: MAILER-DAEMON@mx.example.org (Mail Delivery System)
      Subject: Undelivered Mail Returned to Sender
      To: support@example.net
      Auto-Submitted: auto-replied
      MIME-Version: 1.0
      Content-Type: multipart/report; report-type=delivery-status;
      	boundary="9B1C2D3E4F.1708416000/mx.example.org"
      Message-Id: <20240220080000.1A2B3C@mx.example.org>

      This is a MIME-encapsulated message.

      --9B1C2D3E4F.1708416000/mx.example.org
      Content-Description: Notification
      Content-Type: text/plain; charset=us-ascii

      This is the mail system at host mx.example.org.

      <bob@nowhere.example>: host mail.nowhere.example[192.0.2.1] said: 550 5.1.1
          unknown user
      --9B1C2D3E4F.1708416000/mx.example.org
      Content-Description: Delivery report
      Content-Type: message/delivery-status

      Reporting-MTA: dns; mx.example.org

      Final-Recipient: rfc822; bob@nowhere.example
      Action: failed
      Status: 5.1.1
      --9B1C2D3E4F.1708416000/mx.example.org
      Content-Description: Undelivered Message Headers
      Content-Type: text/rfc822-headers

      Message-ID: <ours1@example.net>
      Subject: Your order
      --9B1C2D3E4F.1708416000/mx.example.org--
      `,
    reads: {
      from: 'Mail Delivery System <MAILER-DAEMON@mx.example.org>',
      subject: 'Undelivered Mail Returned to Sender',
      text: 'This is the mail system at host mx.example.org.\n\n<bob@nowhere.example>: host mail.nowhere.example[192.0.2.1] said: 550 5.1.1\n    unknown user',
      html: null,
      attachments: [
        file(
          'delivery-status.txt',
          'message/delivery-status',
          crlf(
            'Reporting-MTA: dns; mx.example.org',
            '',
            'Final-Recipient: rfc822; bob@nowhere.example',
            'Action: failed',
            'Status: 5.1.1',
          ),
        ),
        file(
          'headers.txt',
          'text/rfc822-headers',
          crlf('Message-ID: <ours1@example.net>', 'Subject: Your order'),
        ),
      ],
    },
  },
  {
    name: 'Exchange: a delivery that failed, in HTML, with the whole mail',
    source: eml`
      From: Microsoft Outlook <postmaster@contoso.example>
      To: support@example.net
      Date: Tue, 20 Feb 2024 08:10:00 +0000
      Content-Type: multipart/report; report-type=delivery-status;
      	boundary="1b2c3d4e-0000"
      Content-Language: en-US
      Message-ID: <1b2c3d4e@contoso.example>
      In-Reply-To: <ours2@example.net>
      Subject: Undeliverable: Your order
      MIME-Version: 1.0

      --1b2c3d4e-0000
      Content-Type: multipart/alternative; differences=Content-Type;
      	boundary="1b2c3d4e-0001"

      --1b2c3d4e-0001
      Content-Type: text/plain; charset="us-ascii"
      Content-Transfer-Encoding: quoted-printable

      Delivery has failed.
      --1b2c3d4e-0001
      Content-Type: text/html; charset="us-ascii"
      Content-Transfer-Encoding: quoted-printable

      <b>Delivery has failed.</b>
      --1b2c3d4e-0001--

      --1b2c3d4e-0000
      Content-Type: message/delivery-status

      Reporting-MTA: dns;contoso.example
      --1b2c3d4e-0000
      Content-Type: message/rfc822

      From: support@example.net
      Message-ID: <ours2@example.net>
      Subject: Your order

      Hello
      --1b2c3d4e-0000--
      `,
    reads: {
      from: 'Microsoft Outlook <postmaster@contoso.example>',
      subject: 'Undeliverable: Your order',
      text: 'Delivery has failed.',
      html: '<b>Delivery has failed.</b>',
      attachments: [
        file('delivery-status.txt', 'message/delivery-status', 'Reporting-MTA: dns;contoso.example'),
        file(
          'attachment-2.eml',
          'message/rfc822',
          crlf(
            'From: support@example.net',
            'Message-ID: <ours2@example.net>',
            'Subject: Your order',
            '',
            'Hello',
          ),
        ),
      ],
    },
  },
  {
    name: 'Gmail: a delivery that failed, with an icon',
    source: eml`
      From: Mail Delivery Subsystem <mailer-daemon@googlemail.example>
      To: support@example.net
      Auto-Submitted: auto-replied
      Subject: Delivery Status Notification (Failure)
      References: <ours3@example.net>
      Message-ID: <65d45678.050a0220@mx.google.example>
      Date: Tue, 20 Feb 2024 00:20:00 -0800 (PST)
      Content-Type: multipart/report; boundary="00000000000012345"; report-type=delivery-status

      --00000000000012345
      Content-Type: multipart/related; boundary="00000000000012346"

      --00000000000012346
      Content-Type: multipart/alternative; boundary="00000000000012347"

      --00000000000012347
      Content-Type: text/plain; charset="UTF-8"

      ** Address not found **
      --00000000000012347
      Content-Type: text/html; charset="UTF-8"

      <img src="cid:icon.png"><b>Address not found</b>
      --00000000000012347--
      --00000000000012346
      Content-Type: image/png; name="icon.png"
      Content-Disposition: attachment; filename="icon.png"
      Content-Transfer-Encoding: base64
      Content-ID: <icon.png>

      ${PIXEL}
      --00000000000012346--
      --00000000000012345
      Content-Type: message/delivery-status

      Reporting-MTA: dns; googlemail.example
      --00000000000012345--
      `,
    reads: {
      from: 'Mail Delivery Subsystem <mailer-daemon@googlemail.example>',
      subject: 'Delivery Status Notification (Failure)',
      text: '** Address not found **',
      html: '<img src="cid:icon.png"><b>Address not found</b>',
      attachments: [
        { ...file('icon.png', 'image/png', base64(PIXEL)), content_id: 'icon.png' },
        file('delivery-status.txt', 'message/delivery-status', 'Reporting-MTA: dns; googlemail.example'),
      ],
    },
  },
  {
    name: 'qmail: a delivery that failed, in words alone',
    source: eml`
      Received: (qmail 12345 invoked for bounce); 20 Feb 2024 08:30:00 -0000
      Date: 20 Feb 2024 08:30:00 -0000
      From: MAILER-DAEMON@qmail.example
      To: support@example.net
      Subject: failure notice

      Hi. This is the qmail-send program at qmail.example.
      <bob@nowhere.example>:
      Sorry, no mailbox here by that name. (#5.1.1)

      --- Below this line is a copy of the message.

      Message-ID: <ours4@example.net>
      `,
    reads: {
      from: 'MAILER-DAEMON@qmail.example',
      subject: 'failure notice',
      text: 'Hi. This is the qmail-send program at qmail.example.\n<bob@nowhere.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\nMessage-ID: <ours4@example.net>\n',
      html: null,
    },
  },
  {
    name: 'a receipt that a person read the mail',
    source: eml`
      From: Bob <bob@example.org>
      To: support@example.net
      Subject: Read: Your order
      Date: Tue, 20 Feb 2024 10:00:00 +0100
      Message-ID: <mdn1@example.org>
      MIME-Version: 1.0
      Content-Type: multipart/report; report-type=disposition-notification; boundary="mdn"

      --mdn
      Content-Type: text/plain; charset=utf-8

      Your message was read.
      --mdn
      Content-Type: message/disposition-notification

      Reporting-UA: desk.example; Thunderbird
      Original-Message-ID: <ours5@example.net>
      Disposition: manual-action/MDN-sent-manually; displayed
      --mdn--
      `,
    reads: {
      from: 'Bob <bob@example.org>',
      subject: 'Read: Your order',
      text: 'Your message was read.',
      html: null,
      attachments: [
        file(
          'disposition-notification.txt',
          'message/disposition-notification',
          crlf(
            'Reporting-UA: desk.example; Thunderbird',
            'Original-Message-ID: <ours5@example.net>',
            'Disposition: manual-action/MDN-sent-manually; displayed',
          ),
        ),
      ],
    },
  },
  {
    name: 'a complaint about spam (ARF)',
    source: eml`
      From: <abusedesk@isp.example>
      Date: Tue, 20 Feb 2024 11:00:00 +0000
      Subject: FW: Earn money
      To: <abuse@example.net>
      Message-ID: <arf1@isp.example>
      MIME-Version: 1.0
      Content-Type: multipart/report; report-type=feedback-report; boundary="arf"

      --arf
      Content-Type: text/plain; charset="US-ASCII"
      Content-Transfer-Encoding: 7bit

      This is an email abuse report.
      --arf
      Content-Type: message/feedback-report

      Feedback-Type: abuse
      User-Agent: SomeGenerator/1.0
      Version: 1
      --arf
      Content-Type: message/rfc822
      Content-Disposition: inline

      From: <someone@example.net>
      Subject: Earn money

      Spam
      --arf--
      `,
    reads: {
      from: 'abusedesk@isp.example',
      subject: 'FW: Earn money',
      text: 'This is an email abuse report.',
      html: null,
      attachments: [
        file(
          'feedback-report.txt',
          'message/feedback-report',
          crlf('Feedback-Type: abuse', 'User-Agent: SomeGenerator/1.0', 'Version: 1'),
        ),
        inline(
          'attachment-2.eml',
          'message/rfc822',
          null,
          crlf('From: <someone@example.net>', 'Subject: Earn money', '', 'Spam'),
        ),
      ],
    },
  },
  {
    name: 'a DMARC report: one compressed file and nothing to read',
    source: eml`
      MIME-Version: 1.0
      Date: Tue, 20 Feb 2024 23:59:59 +0000
      Message-ID: <dmarc1@google.example>
      Subject: Report domain: example.net Submitter: google.example Report-ID: 12345
      From: noreply-dmarc-support@google.example
      To: dmarc@example.net
      Content-Type: application/zip;
      	name="google.example!example.net!1708300800!1708387199.zip"
      Content-Disposition: attachment;
      	filename="google.example!example.net!1708300800!1708387199.zip"
      Content-Transfer-Encoding: base64

      UEsDBAoAAAAIAA==
      `,
    reads: {
      from: 'noreply-dmarc-support@google.example',
      subject: 'Report domain: example.net Submitter: google.example Report-ID: 12345',
      text: null,
      html: null,
      attachments: [
        file(
          'google.example!example.net!1708300800!1708387199.zip',
          'application/zip',
          base64('UEsDBAoAAAAIAA=='),
        ),
      ],
    },
  },
  {
    name: 'an answer that nobody wrote',
    source: eml`
      From: =?utf-8?Q?Ren=C3=A9?= <rene@example.org>
      To: support@example.net
      Subject: =?utf-8?Q?R=C3=A9ponse_automatique_=3A_Your_order?=
      Date: Wed, 21 Feb 2024 08:00:00 +0100
      Message-ID: <auto1@example.org>
      Auto-Submitted: auto-replied
      X-Auto-Response-Suppress: All
      Precedence: bulk
      MIME-Version: 1.0
      Content-Type: text/plain; charset=utf-8
      Content-Transfer-Encoding: quoted-printable

      Je suis absent jusqu=E2=80=99au 1er mars.
      `,
    reads: {
      from: 'René <rene@example.org>',
      subject: 'Réponse automatique : Your order',
      text: 'Je suis absent jusqu’au 1er mars.\n',
      html: null,
    },
  },
];
