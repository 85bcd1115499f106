/**
 * Nothing may run or be fetched: images only as data inside the document. This stands beside the frame's sandbox
 * and the page's own policy, which hold for it too.
 */
const POLICY =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:; form-action 'none'; base-uri 'none'";

// Mail is written for a white page; turned dark, much of it could not be read.
const STYLE = `
html { color-scheme: light; background: #fff; }
body { margin: 0; padding: 16px; color: #1d1f24; overflow-wrap: break-word;
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
img { max-width: 100%; height: auto; }
pre { white-space: pre-wrap; }
table { max-width: 100%; }
.roost-no-image { padding: 0 4px; border: 1px dashed #a3a8b3; border-radius: 3px; color: #5d6370; font-size: 12px; }`;

/**
 * The document of the frame that shows a mail.
 *
 * @param root    what cleanHtml left; not changed
 * @param images  data: URLs by Content-ID
 */
export function frameDocument(root: HTMLElement, images: ReadonlyMap<string, string>): string {
  const copy = root.cloneNode(true) as HTMLElement;
  for (const image of copy.querySelectorAll('img:not([src])')) {
    const data = images.get(image.getAttribute('data-cid') ?? '');
    image.removeAttribute('data-cid');
    if (data) image.setAttribute('src', data);
    else image.replaceWith(...wordsFor(image));
  }
  const head = copy.querySelector('head')?.innerHTML ?? '';
  const body = copy.querySelector('body')?.outerHTML ?? `<body>${copy.innerHTML}</body>`;
  return [
    '<!doctype html><html><head><meta charset="utf-8">',
    `<meta http-equiv="content-security-policy" content="${POLICY}">`,
    '<meta http-equiv="x-dns-prefetch-control" content="off">',
    '<meta name="referrer" content="no-referrer"><meta name="viewport" content="width=device-width">',
    `<base target="_blank"><style>${STYLE}</style>`,
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
