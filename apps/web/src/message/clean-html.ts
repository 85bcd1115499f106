import DOMPurify, { type Config } from 'dompurify';

/** What a mail's HTML becomes before it is shown, and what of it is missing. */
export interface CleanHtml {
  readonly root: HTMLElement;
  /** Content-IDs of the images that the mail brings along. */
  readonly contentIds: readonly string[];
  /** Images on other people's servers, which would tell them that the mail was opened. They are left out. */
  readonly remoteImageCount: number;
}

const CONFIG = {
  WHOLE_DOCUMENT: true,
  RETURN_DOM: true,
  USE_PROFILES: { html: true },
  // A form in a mail asks for what should never be typed there. Media would be fetched from elsewhere.
  FORBID_TAGS: [
    'meta',
    'base',
    'link',
    'title',
    'form',
    'input',
    'button',
    'select',
    'textarea',
    'iframe',
    'object',
    'embed',
    'audio',
    'video',
    'source',
    'track',
    'dialog',
  ],
  FORBID_ATTR: ['srcset', 'ping', 'autofocus', 'popover', 'popovertarget', 'accesskey', 'tabindex'],
} satisfies Config;

/**
 * Takes everything out of `html` that could run, load, ask or lead astray. The frame it is shown in forbids the same
 * again (see frame-document.ts): either alone would do.
 */
export function cleanHtml(html: string): CleanHtml {
  // With RETURN_DOM and WHOLE_DOCUMENT it is the document's element; the types know only that it is a node.
  const root = DOMPurify.sanitize(html, CONFIG) as unknown as HTMLElement;
  for (const link of root.querySelectorAll('a, area')) leadOutside(link);
  const images = takeImagesOut(root);
  return { root, ...images };
}

/** Links open a page of their own that knows nothing of ours. One that leads nowhere outside leads nowhere. */
function leadOutside(link: Element): void {
  const href = link.getAttribute('href')?.trim() ?? '';
  if (!/^(https?|mailto|tel):/i.test(href)) link.removeAttribute('href');
  link.setAttribute('target', '_blank');
  link.setAttribute('rel', 'noopener noreferrer');
  link.setAttribute('referrerpolicy', 'no-referrer');
}

/** Every image loses its address; those that came with the mail keep it in `data-cid` until their bytes are here. */
function takeImagesOut(root: HTMLElement): Omit<CleanHtml, 'root'> {
  const contentIds = new Set<string>();
  let remoteImageCount = 0;
  for (const image of root.querySelectorAll('img')) {
    const address = image.getAttribute('src')?.trim() ?? '';
    if (/^data:image\//i.test(address)) continue;
    image.removeAttribute('src');
    if (/^cid:/i.test(address)) {
      const contentId = contentIdIn(address);
      contentIds.add(contentId);
      image.setAttribute('data-cid', contentId);
    } else if (address !== '') remoteImageCount += 1;
  }
  for (const element of root.querySelectorAll('[background]')) {
    element.removeAttribute('background');
    remoteImageCount += 1;
  }
  for (const element of root.querySelectorAll('style')) {
    const { css, leftOutCount } = withoutRemote(element.textContent);
    element.textContent = css;
    remoteImageCount += leftOutCount;
  }
  for (const element of root.querySelectorAll('[style]')) {
    const { css, leftOutCount } = withoutRemote(element.getAttribute('style') ?? '');
    if (leftOutCount > 0) element.setAttribute('style', css);
    remoteImageCount += leftOutCount;
  }
  return { contentIds: [...contentIds], remoteImageCount };
}

/**
 * Styles without what they would fetch. Not a parser, and someone who writes CSS to defeat it will: the frame's
 * policy is what holds. This keeps the usual mail from even trying, and lets us say that something is missing.
 */
function withoutRemote(css: string): { css: string; leftOutCount: number } {
  let leftOutCount = 0;
  const without = css
    .replace(/@import\b[^;]*(;|$)/gi, '')
    .replace(/url\(\s*(?!["']?\s*data:)(?:"[^"]*"|'[^']*'|[^)"']*)\s*\)/gi, () => {
      leftOutCount += 1;
      return 'none';
    });
  return { css: without, leftOutCount };
}

/** `cid:a%40b` and the Content-ID header `<a@b>` name the same part. */
function contentIdIn(address: string): string {
  const written = address.slice('cid:'.length);
  try {
    return decodeURIComponent(written);
  } catch {
    return written;
  }
}
