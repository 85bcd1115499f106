import { base64, crlf, eml, file, type GoldenMail } from './golden-mail.ts';

const EVENT = crlf(
  'BEGIN:VCALENDAR',
  'METHOD:REQUEST',
  'BEGIN:VEVENT',
  'SUMMARY:Review',
  'END:VEVENT',
  'END:VCALENDAR',
);
const IN_BASE64 = Buffer.from(EVENT).toString('base64').replace(/.{76}/g, '$&\r\n');

/** Invitations, their answers, and cards. */
export const calendarMails: readonly GoldenMail[] = [
  {
    name: 'Outlook: an invitation as one of three forms',
    source: eml`
      From: Karl <karl@contoso.example>
      To: support@example.net
      Subject: Review
      Date: Thu, 22 Feb 2024 09:00:00 +0000
      Message-ID: <cal1@contoso.example>
      Content-Class: urn:content-classes:calendarmessage
      MIME-Version: 1.0
      Content-Type: multipart/alternative; boundary="_000_cal1_"

      --_000_cal1_
      Content-Type: text/plain; charset="us-ascii"

      Review on Friday
      --_000_cal1_
      Content-Type: text/html; charset="us-ascii"

      <p>Review on Friday</p>
      --_000_cal1_
      Content-Type: text/calendar; charset="utf-8"; method=REQUEST
      Content-Transfer-Encoding: base64

      ${IN_BASE64}
      --_000_cal1_--
      `,
    reads: {
      from: 'Karl <karl@contoso.example>',
      subject: 'Review',
      text: 'Review on Friday',
      html: '<p>Review on Friday</p>',
      attachments: [file('attachment-1.ics', 'text/calendar', EVENT)],
    },
  },
  {
    name: 'Google Calendar: an invitation twice, within the forms and as a file',
    source: eml`
      MIME-Version: 1.0
      Sender: Google Calendar <calendar-notification@google.example>
      Message-ID: <calendar-1@google.example>
      Date: Thu, 22 Feb 2024 10:00:00 +0000
      Subject: Invitation: Review @ Fri 23 Feb 2024 (GMT)
      From: Maria <maria@gmail.example>
      To: support@example.net
      Content-Type: multipart/mixed; boundary="m"

      --m
      Content-Type: multipart/alternative; boundary="a"

      --a
      Content-Type: text/plain; charset="UTF-8"; format=flowed; delsp=yes
      Content-Transfer-Encoding: base64

      WW91IGhhdmUgYmVlbiANCmludml0ZWQuDQo=
      --a
      Content-Type: text/calendar; charset="UTF-8"; method=REQUEST
      Content-Transfer-Encoding: 7bit

      ${EVENT}
      --a--
      --m
      Content-Type: application/ics; name="invite.ics"
      Content-Disposition: attachment; filename="invite.ics"
      Content-Transfer-Encoding: base64

      ${IN_BASE64}
      --m--
      `,
    reads: {
      from: 'Maria <maria@gmail.example>',
      subject: 'Invitation: Review @ Fri 23 Feb 2024 (GMT)',
      text: 'You have beeninvited.\n',
      html: null,
      attachments: [
        file('attachment-1.ics', 'text/calendar', EVENT),
        file('invite.ics', 'application/ics', EVENT),
      ],
    },
  },
  {
    name: 'an answer to an invitation as the whole mail',
    source: eml`
      From: bob@example.org
      To: support@example.net
      Subject: Accepted: Review
      Date: Thu, 22 Feb 2024 11:00:00 +0000
      Message-ID: <reply1@example.org>
      MIME-Version: 1.0
      Content-Type: text/calendar; method=REPLY; charset=UTF-8; name=reply.ics

      ${EVENT}
      `,
    reads: {
      from: 'bob@example.org',
      subject: 'Accepted: Review',
      text: null,
      html: null,
      attachments: [file('reply.ics', 'text/calendar', `${EVENT}\r\n`)],
    },
  },
  {
    name: 'a card beside the words',
    source: eml`
      From: bob@example.org
      To: support@example.net
      Subject: my card
      Date: Thu, 22 Feb 2024 12:00:00 +0000
      Message-ID: <card1@example.org>
      MIME-Version: 1.0
      Content-Type: multipart/mixed; boundary="c"

      --c
      Content-Type: text/plain; charset=utf-8

      Here
      --c
      Content-Type: text/vcard; charset=utf-8; name="bob.vcf"
      Content-Disposition: attachment; filename="bob.vcf"
      Content-Transfer-Encoding: base64

      QkVHSU46VkNBUkQNCkZOOkLDtmINCkVORDpWQ0FSRA==
      --c--
      `,
    reads: {
      from: 'bob@example.org',
      subject: 'my card',
      text: 'Here',
      html: null,
      attachments: [file('bob.vcf', 'text/vcard', base64('QkVHSU46VkNBUkQNCkZOOkLDtmINCkVORDpWQ0FSRA=='))],
    },
  },
  {
    name: 'an invitation taken back, by a calendar that sends nothing else',
    source: eml`
      From: cal@nextcloud.example
      To: support@example.net
      Subject: Cancelled: Review
      Date: Thu, 22 Feb 2024 13:00:00 +0000
      Message-ID: <cancel1@nextcloud.example>
      MIME-Version: 1.0
      Content-Type: multipart/mixed; boundary="=_x"

      --=_x
      Content-Type: text/plain; charset=utf-8
      Content-Transfer-Encoding: quoted-printable

      "Review" was canceled.=0D=0A
      --=_x
      Content-Type: text/calendar; method=CANCEL; name=event.ics
      Content-Disposition: attachment; filename=event.ics
      Content-Transfer-Encoding: quoted-printable

      BEGIN:VCALENDAR=0D=0AMETHOD:CANCEL=0D=0AEND:VCALENDAR
      --=_x--
      `,
    reads: {
      from: 'cal@nextcloud.example',
      subject: 'Cancelled: Review',
      text: '"Review" was canceled.\n',
      html: null,
      attachments: [
        file('event.ics', 'text/calendar', crlf('BEGIN:VCALENDAR', 'METHOD:CANCEL', 'END:VCALENDAR')),
      ],
    },
  },
];
