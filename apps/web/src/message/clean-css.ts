/**
 * Styles whose pictures are named by number instead of by address, so that nothing is fetched and each can be put in
 * once its bytes are here. Not a parser, and someone who writes CSS to defeat it will: the frame's policy is what
 * holds. This keeps the usual mail from even trying.
 *
 * @param take  is told each address; the number it answers stands in its place, null leaves the picture out
 */
export function cleanCss(css: string, take: (address: string) => number | null): string {
  return (
    plain(css)
      .replace(/@import\b[^;]*(?:;|$)/gi, '')
      .replace(/@font-face\b\s*\{[^}]*(?:\}|$)/gi, '')
      // They name addresses without url().
      .replace(/(?:-webkit-)?image-set\s*\(|\bsrc\s*\(/gi, 'none(')
      .replace(/url\(\s*(?!["']?\s*data:)(?:"([^"]*)"|'([^']*)'|([^)"']*))\s*\)/gi, (_whole, ...found) => {
        const address = found.slice(0, 3).find((text) => text !== undefined) as string | undefined;
        const number = address ? take(address.trim()) : null;
        return number === null ? 'none' : numbered(number);
      })
      // Nothing that was taken out may leave the end of the element behind.
      .replace(/<(?=[/!])/g, '')
  );
}

/** As it stands in cleaned styles. */
function numbered(number: number): string {
  return `url("roost-picture:${number}")`;
}

/** Cleaned styles with the pictures that are here. */
export function filledCss(css: string, pictures: (number: number) => string | undefined): string {
  return css.replace(/url\("roost-picture:(\d{1,6})"\)/g, (_whole, number: string) => {
    const address = pictures(Number(number));
    return address === undefined ? 'none' : `url("${address}")`;
  });
}

/** Without comments, and letters written as themselves: `u\72l(` is `url(`. */
function plain(css: string): string {
  return css
    .replace(/\/\*.*?(?:\*\/|$)/gs, ' ')
    .replace(/\\(?:([0-9a-f]{1,6})\s?|([g-z@(]))/gi, (whole, code?: string, letter?: string) => {
      const character =
        letter ?? String.fromCodePoint(Math.min(Number.parseInt(code as string, 16), 0x10ffff));
      return /^[a-z@(-]$/i.test(character) ? character : whole;
    });
}

/** Whether styles set a colour, so that the mail counts on the page that its sender saw. */
export function setsColour(css: string): boolean {
  return /(?:^|[\s;{"'-])(?:color|background|background-color|background-image)\s*:/i.test(css);
}
