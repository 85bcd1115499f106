import { base64, crlf, eml, file, type GoldenMail } from './golden-mail.ts';

const SIGNATURE = 'MIIBAAYJKoZIhvcNAQcCoIHyMIHvAgEBMQ8wDQYJYIZIAWUDBAIBBQA=';
const ARMOURED = crlf(
  '-----BEGIN PGP MESSAGE-----',
  '',
  'hQEMA+Z0n5Y7abcdAQf/Tm90IHJlYWxseSBlbmNyeXB0ZWQ=',
  '=aB3d',
  '-----END PGP MESSAGE-----',
);
const PGP_SIGNATURE = crlf(
  '-----BEGIN PGP SIGNATURE-----',
  '',
  'iQEzBAEBCAAdFiEEabcdefghijklmnopqrstuvwxyz0123456789AAoJEA==',
  '=x1y2',
  '-----END PGP SIGNATURE-----',
);

/** Signed and encrypted mail: nothing of it is changed, so that what is signed can still be checked. */
export const sealedMails: readonly GoldenMail[] = [
  {
    name: 'S/MIME from Outlook: signed words in two forms',
    source: eml`
      From: "Weber, Karl" <karl@contoso.example>
      To: support@example.net
      Subject: signed
      Date: Mon, 19 Feb 2024 09:00:00 +0100
      Message-ID: <smime1@contoso.example>
      MIME-Version: 1.0
      Content-Type: multipart/signed; protocol="application/x-pkcs7-signature"; micalg=SHA1;
      	boundary="----=_NextPart_000_0001_01DA6316.ABCDEF00"

      This is a multipart message in MIME format.

      ------=_NextPart_000_0001_01DA6316.ABCDEF00
      Content-Type: multipart/alternative; boundary="----=_NextPart_001_0002_01DA6316.ABCDEF00"

      ------=_NextPart_001_0002_01DA6316.ABCDEF00
      Content-Type: text/plain; charset="us-ascii"
      Content-Transfer-Encoding: 7bit

      Signed words  ${''}
      ------=_NextPart_001_0002_01DA6316.ABCDEF00
      Content-Type: text/html; charset="us-ascii"
      Content-Transfer-Encoding: 7bit

      <p>Signed words</p>
      ------=_NextPart_001_0002_01DA6316.ABCDEF00--

      ------=_NextPart_000_0001_01DA6316.ABCDEF00
      Content-Type: application/x-pkcs7-signature; name="smime.p7s"
      Content-Transfer-Encoding: base64
      Content-Disposition: attachment; filename="smime.p7s"

      ${SIGNATURE}
      ------=_NextPart_000_0001_01DA6316.ABCDEF00--
      `,
    reads: {
      from: 'Weber, Karl <karl@contoso.example>',
      subject: 'signed',
      text: 'Signed words  ',
      html: '<p>Signed words</p>',
      attachments: [file('smime.p7s', 'application/x-pkcs7-signature', base64(SIGNATURE))],
    },
  },
  {
    name: 'S/MIME that holds its words within the signature',
    source: eml`
      From: karl@contoso.example
      To: support@example.net
      Subject: opaque
      Date: Mon, 19 Feb 2024 09:10:00 +0100
      Message-ID: <smime2@contoso.example>
      MIME-Version: 1.0
      Content-Type: application/pkcs7-mime; smime-type=signed-data; name="smime.p7m"
      Content-Transfer-Encoding: base64
      Content-Disposition: attachment; filename="smime.p7m"

      ${SIGNATURE}
      `,
    reads: {
      from: 'karl@contoso.example',
      subject: 'opaque',
      text: null,
      html: null,
      attachments: [file('smime.p7m', 'application/pkcs7-mime', base64(SIGNATURE))],
    },
  },
  {
    name: 'S/MIME, encrypted',
    source: eml`
      From: karl@contoso.example
      To: support@example.net
      Subject: secret
      Date: Mon, 19 Feb 2024 09:20:00 +0100
      Message-ID: <smime3@contoso.example>
      MIME-Version: 1.0
      Content-Type: application/x-pkcs7-mime; smime-type=enveloped-data; name=smime.p7m
      Content-Transfer-Encoding: base64
      Content-Disposition: attachment; filename=smime.p7m
      Content-Description: S/MIME Encrypted Message

      ${SIGNATURE}
      `,
    reads: {
      from: 'karl@contoso.example',
      subject: 'secret',
      text: null,
      html: null,
      attachments: [file('smime.p7m', 'application/x-pkcs7-mime', base64(SIGNATURE))],
    },
  },
  {
    name: 'mutt with PGP/MIME: signed, the signature as it was written',
    source: eml`
      Date: Mon, 19 Feb 2024 10:00:00 +0100
      From: Jo <jo@unix.example>
      To: support@example.net
      Subject: Re: key
      Message-ID: <ZdMabc@unix.example>
      MIME-Version: 1.0
      Content-Type: multipart/signed; micalg=pgp-sha512;
      	protocol="application/pgp-signature"; boundary="Qxx1br4bt0+wmkIi"
      Content-Disposition: inline


      --Qxx1br4bt0+wmkIi
      Content-Type: text/plain; charset=us-ascii
      Content-Disposition: inline
      Content-Transfer-Encoding: quoted-printable

      I sign this.
      --=20
      Jo
      --Qxx1br4bt0+wmkIi
      Content-Type: application/pgp-signature; name="signature.asc"

      ${PGP_SIGNATURE}

      --Qxx1br4bt0+wmkIi--
      `,
    reads: {
      from: 'Jo <jo@unix.example>',
      subject: 'Re: key',
      text: 'I sign this.\n-- \nJo',
      html: null,
      attachments: [file('signature.asc', 'application/pgp-signature', `${PGP_SIGNATURE}\r\n`)],
    },
  },
  {
    name: 'Enigmail with PGP/MIME: encrypted, both of its parts as they were written',
    source: eml`
      From: Jo <jo@unix.example>
      To: support@example.net
      Subject: ...
      Date: Mon, 19 Feb 2024 10:10:00 +0100
      Message-ID: <enc1@unix.example>
      MIME-Version: 1.0
      Content-Type: multipart/encrypted;
       protocol="application/pgp-encrypted";
       boundary="------------xyz0123456789"

      This is an OpenPGP/MIME encrypted message (RFC 4880 and 3156)
      --------------xyz0123456789
      Content-Type: application/pgp-encrypted
      Content-Description: PGP/MIME version identification

      Version: 1

      --------------xyz0123456789
      Content-Type: application/octet-stream; name="encrypted.asc"
      Content-Description: OpenPGP encrypted message
      Content-Disposition: inline; filename="encrypted.asc"

      ${ARMOURED}

      --------------xyz0123456789--
      `,
    reads: {
      from: 'Jo <jo@unix.example>',
      subject: '...',
      text: null,
      html: null,
      attachments: [
        file('attachment-1.asc', 'application/pgp-encrypted', 'Version: 1\r\n'),
        { ...file('encrypted.asc', 'application/octet-stream', `${ARMOURED}\r\n`), inline: true },
      ],
    },
  },
  {
    name: 'PGP within the text: the armour and what it escapes stay',
    source: eml`
      From: Jo <jo@unix.example>
      To: support@example.net
      Subject: clear-signed
      Date: Mon, 19 Feb 2024 10:20:00 +0100
      Message-ID: <clear1@unix.example>
      Content-Type: text/plain; charset=utf-8

      -----BEGIN PGP SIGNED MESSAGE-----
      Hash: SHA512

      - -- a line that begins with hyphens
      two blanks at the end  ${''}
      ${PGP_SIGNATURE}
      `,
    reads: {
      from: 'Jo <jo@unix.example>',
      subject: 'clear-signed',
      text: `-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n- -- a line that begins with hyphens\ntwo blanks at the end  \n${PGP_SIGNATURE.replaceAll('\r\n', '\n')}\n`,
      html: null,
    },
  },
  {
    name: 'a public key beside the words',
    source: eml`
      From: Jo <jo@unix.example>
      To: support@example.net
      Subject: my key
      Date: Mon, 19 Feb 2024 10:30:00 +0100
      Message-ID: <key1@unix.example>
      MIME-Version: 1.0
      Autocrypt: addr=jo@unix.example; keydata=mDMEZ
      Content-Type: multipart/mixed; boundary="k"

      --k
      Content-Type: text/plain

      Here.
      --k
      Content-Type: application/pgp-keys; name="OpenPGP_0xABCDEF.asc"
      Content-Disposition: attachment; filename="OpenPGP_0xABCDEF.asc"
      Content-Transfer-Encoding: quoted-printable

      -----BEGIN PGP PUBLIC KEY BLOCK-----=0A=0AmDMEZ=3D=3D
      --k--
      `,
    reads: {
      from: 'Jo <jo@unix.example>',
      subject: 'my key',
      text: 'Here.',
      html: null,
      attachments: [
        file(
          'OpenPGP_0xABCDEF.asc',
          'application/pgp-keys',
          '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmDMEZ==',
        ),
      ],
    },
  },
  {
    name: 'signed by a list that then added its footer around it',
    source: eml`
      From: Jo <jo@unix.example>
      To: dev@lists.example
      Subject: [Dev] signed
      Date: Mon, 19 Feb 2024 10:40:00 +0100
      Message-ID: <listsigned@unix.example>
      MIME-Version: 1.0
      Content-Type: multipart/mixed; boundary="l"

      --l
      Content-Type: multipart/signed; micalg=pgp-sha256; protocol="application/pgp-signature"; boundary="s"

      --s
      Content-Type: text/plain

      Signed inside
      --s
      Content-Type: application/pgp-signature

      ${PGP_SIGNATURE}
      --s--
      --l
      Content-Type: text/plain; charset="us-ascii"

      Dev mailing list
      --l--
      `,
    reads: {
      from: 'Jo <jo@unix.example>',
      subject: '[Dev] signed',
      text: 'Signed inside\nDev mailing list',
      html: null,
      attachments: [file('attachment-1.pgp', 'application/pgp-signature', PGP_SIGNATURE)],
    },
  },
];
