/** A mail's text, its own words apart from what it quotes below them. */
export interface Said {
  readonly own: string;
  /** Empty where nothing is quoted. */
  readonly quoted: string;
}

const INTRODUCTIONS = [
  /^On .{4,300} wrote:$/i,
  /^Am .{4,300} schrieb .{0,200}:$/i,
  /^Le .{4,300} a écrit ?:$/i,
  /^-{2,} ?(Original Message|Forwarded message|Ursprüngliche Nachricht) ?-{2,}$/i,
  /^_{10,}$/,
];
/** An introduction may be wrapped over so many lines. */
const INTRODUCTION_MAX_LINES = 3;

/** Parts a mail where its history begins. A mail that is nothing but quotation is shown whole. */
export function partedMail(text: string): Said {
  const lines = text.split(/\r?\n/);
  const at = startOfQuotation(lines);
  const own = lines.slice(0, at).join('\n').trimEnd();
  if (at === lines.length || own.trim() === '') return { own: text.trim(), quoted: '' };
  return { own, quoted: lines.slice(at).join('\n').trim() };
}

function startOfQuotation(lines: readonly string[]): number {
  for (let at = 0; at < lines.length; at += 1) {
    if (isIntroduction(lines, at)) return at;
    if (
      lines[at]?.startsWith('>') &&
      lines.slice(at).every((line) => line.trim() === '' || line.startsWith('>'))
    )
      return at;
  }
  return lines.length;
}

function isIntroduction(lines: readonly string[], at: number): boolean {
  for (let count = 1; count <= INTRODUCTION_MAX_LINES; count += 1) {
    const joined = lines
      .slice(at, at + count)
      .map((line) => line.trim())
      .join(' ');
    if (INTRODUCTIONS.some((pattern) => pattern.test(joined))) return true;
  }
  return false;
}
