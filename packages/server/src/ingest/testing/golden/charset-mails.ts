import { type GoldenMail, hex } from './golden-mail.ts';

/** A short mail whose label and bytes are as given. */
function labelled(label: string, bytes: string, more: readonly string[] = []): Buffer {
  const head = [
    'From: Ann <ann@example.org>',
    'Subject: Words',
    'Date: Mon, 5 Feb 2024 08:00:00 +0000',
    `Message-ID: <${label || 'none'}-${bytes.length}-${bytes.slice(0, 4)}@example.org>`,
    'MIME-Version: 1.0',
    ...(label === '' ? [] : [`Content-Type: text/plain; charset=${label}`]),
    'Content-Transfer-Encoding: 8bit',
    ...more,
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), hex(bytes), Buffer.from('\r\n')]);
}

const reads = (text: string, problem: string | null = null) => ({
  from: 'Ann <ann@example.org>',
  subject: 'Words',
  text: `${text}\n`,
  html: null,
  problem,
});

/** Charset, bytes as another program encoded them, words. */
const RIGHTLY: readonly (readonly [string, string, string])[] = [
  [
    'iso-8859-2',
    '447a6965f120646f6272792c207a61bff3b3e62067eab66cb1206a61bcf1',
    'Dzień dobry, zażółć gęślą jaźń',
  ],
  ['windows-1250', '50f8ed6c699a209e6c759d6f75e86bfd206bf9f2', 'Příliš žluťoučký kůň'],
  ['windows-1253', 'cae1ebe7ecddf1e120eafcf3ece5', 'Καλημέρα κόσμε'],
  ['iso-8859-7', 'cae1ebe7ecddf1e1', 'Καλημέρα'],
  ['windows-1254', '47fc6e617964fd6e2c20dd7374616e62756c20f0fe', 'Günaydın, İstanbul ğş'],
  ['windows-1255', 'f9ece5ed20f2e5eced', 'שלום עולם'],
  ['windows-1256', 'e3d1cdc8c720c8c7e1dac7e1e3', 'مرحبا بالعالم'],
  ['windows-1257', '4c616272ee742c20e0e8e6ebe1f0f8fb', 'Labrīt, ąčęėįšųū'],
  ['tis-620', 'cac7d1cab4d5a4c3d1ba', 'สวัสดีครับ'],
  ['koi8-u', 'e4cfc2d2c9ca20c4c5ced82c20a7a720adc1cecfcb', 'Добрий день, її ґанок'],
  ['koi8-r', 'f0d2c9d7c5d420c9da20edcfd3cbd7d9', 'Привет из Москвы'],
  ['cp866', '84aea1e0aea520e3e2e0ae', 'Доброе утро'],
  ['macintosh', '43728f6d652062729e6c8e65', 'Crème brûlée'],
  ['iso-8859-15', '323020a42066fc7220bc75767265', '20 € für Œuvre'],
  ['cp932', '8740878aeee0', '①㈱髙'],
  ['x-sjis', '82a890a2986282c982c882c182c482a882e882dc82b78142', 'お世話になっております。'],
  ['ISO-2022-JP', '1b2442242a40244f43244b244a24432446242a246a245e24391b2842', 'お世話になっております'],
  ['x-gbk', 'c4fabac3', '您好'],
  ['BIG5', 'b17aa66ea141ad71b3e6a477a558b366', '您好，訂單已出貨'],
  ['cp949', 'bec8b3e7c7cfbcbcbfe420c1d6b9ae20c8aec0ce', '안녕하세요 주문 확인'],
  ['"UTF8"', '43e1baa36d20c6a16e2062e1baa16e', 'Cảm ơn bạn'],
];

/** Text under the label it has, under another one, under none. */
export const charsetMails: readonly GoldenMail[] = [
  ...RIGHTLY.map(([label, bytes, words]) => ({
    name: `text in ${label}: ${words}`,
    source: labelled(label, bytes),
    reads: reads(words),
  })),
  {
    name: 'UTF-8 under the label of Latin-1, as many web forms send it',
    source: labelled('iso-8859-1', '426f6e6a6f757220c3a020746f75732c20c3a761207661203f'),
    reads: reads('Bonjour à tous, ça va ?'),
  },
  {
    name: 'Latin-1 that only looks a little like UTF-8 stays Latin-1',
    source: labelled('iso-8859-1', '41c3a9427a20fc'),
    reads: reads('AÃ©Bz ü'),
  },
  {
    name: 'Chinese under the label of UTF-8: what cannot be known is said',
    source: labelled('utf-8', 'c4fabac3a3acb6a9b5a5d2d1b7a2bbf5'),
    reads: reads('ÄúºÃ£¬¶©µ¥ÒÑ·¢»õ', 'The text is not in the charset "utf-8"; it was read as Windows-1252.'),
  },
  {
    name: 'Russian without a label: the same',
    source: labelled('', 'f0d2c9d7c5d4'),
    reads: reads('ðÒÉ×ÅÔ', 'The text is not in the charset UTF-8; it was read as Windows-1252.'),
  },
  {
    name: 'a label with a comment behind it',
    source: labelled('koi8-r (Cyrillic)', 'fac1cbc1da20d0d2c9ced1d4'),
    reads: reads('Заказ принят'),
  },
  {
    name: 'UTF-8 text in which a mailing list cut a character',
    source: labelled('utf-8', '4772c3bcc39f65206175732057c3'),
    reads: reads('Grüße aus W\uFFFD', 'Some characters are not in the charset "utf-8".'),
  },
  {
    name: 'HTML without a label whose own head names Windows-1251',
    source: Buffer.concat([
      Buffer.from(
        'From: =?koi8-r?B?+sHLwdo=?= <shop@example.ru>\r\nSubject: =?windows-1251?B?0fe48iDt4CDu7+vg8vM=?=\r\nMessage-ID: <m1@example.ru>\r\nMIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n<html><head><meta http-equiv="Content-Type" content="text/html; charset=windows-1251"></head><body>',
      ),
      hex('d1f7b8f220ede020eeefebe0f2f3'),
      Buffer.from('</body></html>\r\n'),
    ]),
    reads: {
      from: 'Заказ <shop@example.ru>',
      subject: 'Счёт на оплату',
      text: null,
      html: '<html><head><meta http-equiv="Content-Type" content="text/html; charset=windows-1251"></head><body>Счёт на оплату</body></html>\n',
    },
  },
  {
    name: 'HTML whose head names one charset and whose label another: the label counts',
    source: Buffer.concat([
      Buffer.from(
        'From: a@example.ru\r\nSubject: x\r\nMessage-ID: <m2@example.ru>\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=koi8-r\r\n\r\n<meta charset="utf-8"><p>',
      ),
      hex('f0d2c9d7c5d4'),
      Buffer.from('</p>\r\n'),
    ]),
    reads: {
      from: 'a@example.ru',
      subject: 'x',
      text: null,
      html: '<meta charset="utf-8"><p>Привет</p>\n',
    },
  },
];
