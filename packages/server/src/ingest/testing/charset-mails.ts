import { bytes, hex, mail, type OddMail } from './odd-mail.ts';

const inCharset = (charset: string, body: Buffer | string, encoding = '8bit') =>
  mail([`Content-Type: text/plain; charset=${charset}`, `Content-Transfer-Encoding: ${encoding}`], body);

/** Text in many charsets, rightly and wrongly labelled. */
export const charsetMails: readonly OddMail[] = [
  {
    name: 'UTF-8, eight bits',
    source: inCharset('utf-8', 'naïve café, 世界 🐓'),
    reads: { text: 'naïve café, 世界 🐓\n', snippet: 'naïve café, 世界 🐓', problem: null },
  },
  {
    name: 'UTF-8, quoted-printable with soft line breaks',
    source: inCharset('UTF-8', 'caf=C3=\r\n=A9 =E2=82=AC 5=20', 'quoted-printable'),
    reads: { text: 'café € 5 \n', problem: null },
  },
  {
    name: 'UTF-8 with a byte order mark',
    source: inCharset('utf-8', bytes(hex('efbbbf'), 'marked')),
    reads: { text: 'marked\n', problem: null },
  },
  {
    name: 'ISO-2022-JP',
    source: inCharset('iso-2022-jp', hex('1b244224332473244b2441244f402433261b2842'), '7bit'),
    reads: { text: 'こんにちは世界\n', problem: null },
  },
  {
    name: 'ISO-2022-JP without a label',
    source: mail([], hex('1b244224332473244b2441244f402433261b2842')),
    reads: { text: 'こんにちは世界\n', problem: null },
  },
  {
    name: 'Shift_JIS',
    source: inCharset('Shift_JIS', hex('93fa967b8cea')),
    reads: { text: '日本語\n', problem: null },
  },
  {
    name: 'EUC-JP',
    source: inCharset('euc-jp', hex('c6fccbdcb8ec')),
    reads: { text: '日本語\n', problem: null },
  },
  {
    name: 'GB18030, with a character of four bytes',
    source: inCharset('GB18030', hex('c4e3bac3a3accac0bde795328236')),
    reads: { text: '你好，世界𠀀\n', problem: null },
  },
  {
    name: 'GB18030 labelled as the smaller GB2312',
    source: inCharset('gb2312', hex('c4e3bac3a3accac0bde7')),
    reads: { text: '你好，世界\n', problem: null },
  },
  {
    name: 'Big5',
    source: inCharset('big5', hex('c163c5e9a4a4a4e5')),
    reads: { text: '繁體中文\n', problem: null },
  },
  {
    name: 'EUC-KR under its old name',
    source: inCharset('ks_c_5601-1987', hex('bec8b3e7c7cfbcbcbfe4')),
    reads: { text: '안녕하세요\n', problem: null },
  },
  {
    name: 'KOI8-R',
    source: inCharset('koi8-r', hex('f0d2c9d7c5d42c20cdc9d2')),
    reads: { text: 'Привет, мир\n', problem: null },
  },
  {
    name: 'Windows-1251 in base64',
    source: inCharset('windows-1251', hex('cff0e8e2e5f2').toString('base64'), 'base64'),
    reads: { text: 'Привет', problem: null },
  },
  {
    name: 'ISO-8859-8-I',
    source: inCharset('iso-8859-8-i', hex('f9ece5ed')),
    reads: { text: 'שלום\n', problem: null },
  },
  {
    name: 'UTF-16 in base64',
    source: inCharset(
      'utf-16',
      hex('fffe6e006100ef00760065002000630061006600e900').toString('base64'),
      'base64',
    ),
    reads: { text: 'naïve café', problem: null },
  },
  {
    name: 'UTF-7',
    source: inCharset('utf-7', 'Hi Mom +AKM-', '7bit'),
    reads: { text: 'Hi Mom £\n', problem: null },
  },
  {
    name: 'Windows-1252 labelled as ISO-8859-1',
    source: inCharset('iso-8859-1', hex('4772fcdf65')),
    reads: { text: 'Grüße\n', problem: null },
  },
  {
    name: 'Windows-1252 labelled as UTF-8',
    source: inCharset('utf-8', hex('6e61ef766520636166e9209620936f6b94')),
    reads: { text: 'naïve café – “ok”\n', problem: /not in the charset "utf-8".*Windows-1252/ },
  },
  {
    name: 'Windows-1252 without a label',
    source: mail([], hex('4772fcdf65')),
    reads: { text: 'Grüße\n', problem: /read as Windows-1252/ },
  },
  {
    name: 'UTF-8 labelled as ASCII',
    source: inCharset('us-ascii', 'Grüße'),
    reads: { text: 'Grüße\n', problem: null },
  },
  {
    name: 'UTF-8 cut off in mid-character',
    source: inCharset('utf-8', bytes('Grüße aus Köln ', hex('e282'))),
    reads: { text: 'Grüße aus Köln \uFFFD\n', problem: /Some characters/ },
  },
  {
    name: 'a charset nobody knows',
    source: inCharset('x-martian', 'Grüße'),
    reads: { text: 'Grüße\n', problem: /charset "x-martian" is not known/ },
  },
  {
    name: 'a charset with quotes, blanks and a comment in its label',
    source: mail(['Content-Type: text/plain; charset = " KOI8-R "'], hex('f0d2c9d7c5d4')),
    reads: { text: 'Привет\n', problem: null },
  },
];
