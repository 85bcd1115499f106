import { filledCss } from './clean-css.ts';
import { type CleanHtml, contentIdIn } from './clean-html.ts';

/**
 * Nothing may run or be fetched: images only as data inside the document, also those of other servers, which this
 * page fetches by the server and puts in. This stands beside the frame's sandbox and the page's own policy, which
 * hold for it too.
 */
const POLICY =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:; form-action 'none'; base-uri 'none'";

/** Mail that sets colours is written for a white page; turned dark, much of it could not be read. */
const COLOURS = {
  light: 'html { color-scheme: light; background: #fff; } body { color: #1d1f24; }',
  dark: 'html { color-scheme: dark; background: #1a1c20; } body { color: #eeeff1; } a { color: #9ec1ff; }',
} as const;

const STYLE = `
body { margin: 0; padding: 16px; overflow-wrap: break-word;
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
img { max-width: 100%; height: auto; }
pre { white-space: pre-wrap; }
table { max-width: 100%; }
.roost-no-image { padding: 0 4px; border: 1px dashed #a3a8b3; border-radius: 3px; opacity: 0.8; font-size: 12px; }`;

/**
 * The document of the frame that shows a mail.
 *
 * @param clean   its root is not changed
 * @param images  data: URLs by Content-ID, or by address
 * @param isDark  whether the page around it is; mail that sets its own colours stays on white
 */
export function frameDocument(
  clean: CleanHtml,
  images: ReadonlyMap<string, string>,
  isDark: boolean = false,
): string {
  const copy = clean.root.cloneNode(true) as HTMLElement;
  const imageOf = (number: number) => {
    const named = clean.pictures[number] ?? '';
    return images.get(contentIdIn(named) ?? named);
  };
  for (const image of copy.querySelectorAll('img:not([src])')) {
    const number = image.getAttribute('data-picture');
    const data = number === null ? undefined : imageOf(Number(number));
    image.removeAttribute('data-picture');
    if (data) image.setAttribute('src', data);
    else image.replaceWith(...wordsFor(image));
  }
  for (const element of copy.querySelectorAll('[style]')) {
    element.setAttribute('style', filledCss(element.getAttribute('style') ?? '', imageOf));
  }
  for (const element of copy.querySelectorAll('style')) {
    element.textContent = filledCss(element.textContent, imageOf);
  }
  const head = copy.querySelector('head')?.innerHTML ?? '';
  const body = copy.querySelector('body')?.outerHTML ?? `<body>${copy.innerHTML}</body>`;
  const colours = COLOURS[isDark && !clean.setsColours ? 'dark' : 'light'];
  return [
    '<!doctype html><html><head><meta charset="utf-8">',
    `<meta http-equiv="content-security-policy" content="${POLICY}">`,
    '<meta http-equiv="x-dns-prefetch-control" content="off">',
    '<meta name="referrer" content="no-referrer"><meta name="viewport" content="width=device-width">',
    `<base target="_blank"><style>${colours}${STYLE}</style>`,
    `${head}</head>${body}</html>`,
  ].join('');
}

/** What the sender says the picture shows, in place of a broken one. Most that say nothing are there to count readers. */
function wordsFor(image: Element): Element[] {
  const alt = image.getAttribute('alt')?.trim();
  if (!alt) return [];
  const words = image.ownerDocument.createElement('span');
  words.className = 'roost-no-image';
  words.textContent = alt;
  return [words];
}
