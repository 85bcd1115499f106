import type { Random } from '../../clock.ts';

/** What a mail may grow to; growing further takes time and shows nothing new. */
const GROWN_MAX_BYTES = 150_000;
const EDITS_MAX = 6;

/** A mail nobody ever sent, and what was done to make it. */
export interface Mutated {
  readonly source: Buffer;
  readonly edits: readonly string[];
}

/** Changes one mail of the corpus in up to six ways. The same numbers make the same mail. */
export function mutate(random: Random, corpus: readonly Buffer[]): Mutated {
  const chance = new Chance(random);
  let source = chance.of(corpus);
  const edits = Array.from({ length: chance.upTo(EDITS_MAX) + 1 }, () => chance.of(EDIT_NAMES));
  for (const name of edits) {
    source = EDITS[name](source, chance, corpus).subarray(0, GROWN_MAX_BYTES);
  }
  return { source, edits };
}

class Chance {
  constructor(readonly random: Random) {}

  /** 0 to below `end`. */
  upTo(end: number): number {
    return Math.floor(this.random() * end);
  }

  of<T>(from: readonly T[]): T {
    return from[this.upTo(from.length)] as T;
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.upTo(256)));
  }
}

type Edit = (source: Buffer, chance: Chance, corpus: readonly Buffer[]) => Buffer;

const TOKENS = [
  '\r\n',
  '\n',
  '\r',
  '\0',
  '--',
  ';',
  '"',
  ':',
  '(',
  '=',
  '=?utf-8?B?',
  '=?utf-8?Q?=FF?=',
  '?=',
  '\t',
  ' ',
  'boundary=',
  'boundary=""',
  "filename*0*=utf-8''%",
  'charset=utf-7',
  'charset=iso-2022-jp',
  '\u001b$B',
  '€',
  '\u202e',
  '\ufeff',
  '<meta charset=utf-16>',
];

const HEADERS = [
  'Content-Type: multipart/mixed; boundary="x"',
  'Content-Type: multipart/mixed',
  'Content-Type: multipart/digest; boundary=A',
  'Content-Type: message/rfc822',
  'Content-Type: text/html; charset=utf-16',
  'Content-Type: text/plain; format=flowed; delsp=yes; charset=gb18030',
  'Content-Type: ;;;',
  'Content-Transfer-Encoding: base64',
  'Content-Transfer-Encoding: quoted-printable',
  'Content-Transfer-Encoding: uuencode',
  'Content-Disposition: attachment; filename="../../x"',
  "Content-Disposition: attachment; filename*=utf-8''%00%2F%FF",
  'Content-ID: <<>>',
  'From: ,,,<>;:@',
  'From: =?x?Q?=?=, <a@b>, "',
  'Subject: =?utf-8?B?/////w==?=',
  'Message-ID: <\u0001>',
  'Date: 99 Foo 99999999999 99:99:99',
  '__proto__: x',
  ': no name',
  ' folded onto nothing',
];

const EDITS = {
  flip(source, chance) {
    const copy = Buffer.from(source);
    for (let count = chance.upTo(40) + 1; count > 0 && copy.length > 0; count -= 1) {
      const at = chance.upTo(copy.length);
      copy[at] = (copy[at] as number) ^ (1 << chance.upTo(8));
    }
    return copy;
  },
  splice(source, chance, corpus) {
    const other = chance.of(corpus);
    return Buffer.concat([
      source.subarray(0, lineStart(source, chance)),
      other.subarray(lineStart(other, chance)),
    ]);
  },
  cutEnd: (source, chance) => source.subarray(0, chance.upTo(source.length + 1)),
  cutFront: (source, chance) => source.subarray(chance.upTo(Math.min(source.length, 400) + 1)),
  drop(source, chance) {
    const from = chance.upTo(source.length + 1);
    return Buffer.concat([source.subarray(0, from), source.subarray(from + chance.upTo(300))]);
  },
  double(source, chance) {
    const from = lineStart(source, chance);
    const piece = source.subarray(from, from + chance.upTo(2_000));
    const pieces = Array.from({ length: chance.upTo(60) + 1 }, () => piece);
    return Buffer.concat([source.subarray(0, from), ...pieces, source.subarray(from)]);
  },
  token: (source, chance) => inserted(source, chance.upTo(source.length + 1), chance.of(TOKENS)),
  noise: (source, chance) => inserted(source, chance.upTo(source.length + 1), chance.bytes(chance.upTo(64))),
  header: (source, chance) => inserted(source, lineStart(source, chance), `${chance.of(HEADERS)}\r\n`),
  manyHeaders(source, chance) {
    const one = chance.of(HEADERS);
    const many = Array.from({ length: chance.upTo(3_000) }, (_, at) =>
      at % 7 === 0 ? one : `X-${at}: ${at}`,
    );
    return inserted(source, chance.upTo(3) === 0 ? lineStart(source, chance) : 0, `${many.join('\r\n')}\r\n`);
  },
  longHeader: (source, chance) =>
    inserted(source, 0, `${chance.of(HEADERS)}${chance.of(TOKENS).repeat(chance.upTo(4_000))}\r\n`),
  nest(source, chance) {
    const depth = chance.upTo(120) + 1;
    const kind = chance.of(['mixed', 'alternative', 'related', 'digest', 'signed']);
    const open = Array.from(
      { length: depth },
      (_, level) => `Content-Type: multipart/${kind}; boundary=n${level}\r\n\r\n--n${level}\r\n`,
    );
    const close = Array.from(
      { length: chance.upTo(depth + 1) },
      (_, level) => `\r\n--n${depth - level - 1}--`,
    );
    return Buffer.concat([Buffer.from(open.join('')), source, Buffer.from(close.join(''))]);
  },
  nestMails(source, chance) {
    const open = 'Content-Type: message/rfc822\r\n\r\n'.repeat(chance.upTo(200) + 1);
    return Buffer.concat([Buffer.from(open), source]);
  },
  delimiters(source, chance) {
    const named = [...source.toString('latin1').matchAll(/boundary="?([^"\s;]{1,70})/gi)].map(
      ([, name]) => name,
    );
    if (named.length === 0) return inserted(source, lineStart(source, chance), '--A\r\n');
    const name = chance.of(named) ?? '';
    const line = chance.of([
      `--${name}`,
      `--${name}--`,
      `--${name} \t`,
      `--${name}-`,
      `--${name}x`,
      `--${name.slice(0, -1)}`,
      `-- ${name}`,
      `--${name}--`.repeat(2),
    ]);
    return inserted(source, lineStart(source, chance), `${line}\r\n`.repeat(chance.upTo(8) + 1));
  },
  renameDelimiter(source, chance) {
    const found = /boundary="?([^"\s;]{1,70})/i.exec(source.toString('latin1'))?.[1] ?? 'A';
    const to = chance.of(['', '-', '--', ' ', 'a'.repeat(200), found.slice(0, 1), `${found} `, '\0']);
    return Buffer.from(source.toString('latin1').replace(found, to), 'latin1');
  },
  manyParts(source, chance) {
    const parts = '--A\r\nContent-Type: text/plain\r\n\r\nx\r\n'.repeat(chance.upTo(900));
    return Buffer.concat([
      Buffer.from('Content-Type: multipart/mixed; boundary=A\r\n\r\n'),
      Buffer.from(parts),
      source,
    ]);
  },
  lineEnds(source, chance) {
    const to = chance.of(['\n', '\r', '\r\r\n', '\n\r']);
    return Buffer.from(source.toString('latin1').replaceAll('\r\n', to), 'latin1');
  },
  swapLabel(source, chance) {
    const charset = chance.of([
      'utf-7',
      'utf-16',
      'utf-32',
      'iso-2022-jp',
      'gb18030',
      'euc-jp',
      'x',
      'hz-gb-2312',
    ]);
    return Buffer.from(
      source.toString('latin1').replace(/charset="?[\w-]+/i, `charset="${charset}`),
      'latin1',
    );
  },
  swapEncoding(source, chance) {
    const encoding = chance.of(['base64', 'quoted-printable', '8bit', 'x-uuencode', '(base64)', '']);
    return Buffer.from(
      source.toString('latin1').replace(/(Content-Transfer-Encoding:)[^\r\n]*/i, `$1 ${encoding}`),
      'latin1',
    );
  },
} as const satisfies Record<string, Edit>;

export const EDIT_NAMES = Object.keys(EDITS) as readonly (keyof typeof EDITS)[];

function inserted(source: Buffer, at: number, what: string | Buffer): Buffer {
  return Buffer.concat([source.subarray(0, at), Buffer.from(what), source.subarray(at)]);
}

function lineStart(source: Buffer, chance: Chance): number {
  const feed = source.indexOf(10, chance.upTo(source.length + 1));
  return feed === -1 ? source.length : feed + 1;
}
