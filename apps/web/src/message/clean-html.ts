import DOMPurify, { type Config } from 'dompurify';
import { cleanCss, setsColour } from './clean-css.ts';
import { type LinkTarget, linkTarget } from './link-target.ts';

/** What a mail's HTML becomes before it is shown, and what of it is missing. */
export interface CleanHtml {
  readonly root: HTMLElement;
  /** Every picture it asks for, by Content-ID or by address, each once. Elements and styles name them by number. */
  readonly pictures: readonly string[];
  /** Content-IDs of the pictures that the mail brings along. */
  readonly contentIds: readonly string[];
  /** Addresses of pictures on other people's servers, which would tell them that the mail was opened. */
  readonly remoteAddresses: readonly string[];
  readonly links: readonly FoundLink[];
  /** True when it sets colours, which were chosen for a white page. */
  readonly setsColours: boolean;
}

export interface FoundLink extends LinkTarget {
  readonly text: string;
}

const CONFIG = {
  WHOLE_DOCUMENT: true,
  RETURN_DOM: true,
  USE_PROFILES: { html: true },
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
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
    // What it holds is not among the elements that are looked through below.
    'template',
  ],
  FORBID_ATTR: [
    'srcset',
    'ping',
    'autofocus',
    'popover',
    'popovertarget',
    'accesskey',
    'tabindex',
    'slot',
    'download',
  ],
} satisfies Config;

const TEXT_OF_LINK_MAX_CHARS = 200;

/**
 * Takes everything out of `html` that could run, load, ask or lead astray. The frame it is shown in forbids the same
 * again (see frame-document.ts): either alone would do.
 */
export function cleanHtml(html: string): CleanHtml {
  // With RETURN_DOM and WHOLE_DOCUMENT it is the document's element; the types know only that it is a node.
  const root = DOMPurify.sanitize(html, CONFIG) as unknown as HTMLElement;
  const links = [...root.querySelectorAll('a, area')].flatMap((link) => leadOutside(link) ?? []);
  const setsColours = hasColours(root);
  const pictures = new Pictures();
  pictures.takeOut(root);
  return {
    root,
    pictures: pictures.all,
    contentIds: pictures.all.flatMap((named) => contentIdIn(named) ?? []),
    remoteAddresses: pictures.all.filter((named) => contentIdIn(named) === null),
    links,
    setsColours,
  };
}

/**
 * Links open a page of their own that knows nothing of ours, and say where. One that leads nowhere outside leads
 * nowhere.
 */
function leadOutside(link: Element): FoundLink | null {
  const href = link.getAttribute('href')?.trim() ?? '';
  const text = (link.textContent ?? '').trim().slice(0, TEXT_OF_LINK_MAX_CHARS);
  const target = /^(https?|mailto|tel):/i.test(href) ? linkTarget(href, text) : null;
  link.setAttribute('target', '_blank');
  link.setAttribute('rel', 'noopener noreferrer');
  link.setAttribute('referrerpolicy', 'no-referrer');
  link.removeAttribute('title');
  if (target === null) {
    link.removeAttribute('href');
    return null;
  }
  link.setAttribute('title', target.address);
  return { ...target, text };
}

/** Pictures lose their addresses and keep a number until their bytes are here. */
class Pictures {
  readonly all: string[] = [];

  takeOut(root: HTMLElement): void {
    for (const image of root.querySelectorAll('img')) {
      const address = image.getAttribute('src')?.trim() ?? '';
      if (/^data:image\//i.test(address)) continue;
      image.removeAttribute('src');
      const number = this.numberOf(address);
      if (number !== null) image.setAttribute('data-picture', String(number));
    }
    for (const element of root.querySelectorAll('[style]')) {
      element.setAttribute('style', cleanCss(element.getAttribute('style') ?? '', this.numberOf));
    }
    for (const element of root.querySelectorAll('[background]')) {
      const number = this.numberOf(element.getAttribute('background')?.trim() ?? '');
      element.removeAttribute('background');
      if (number === null) continue;
      const style = element.getAttribute('style') ?? '';
      element.setAttribute('style', `background-image: url("roost-picture:${number}"); ${style}`);
    }
    for (const element of root.querySelectorAll('style')) {
      element.textContent = cleanCss(element.textContent, this.numberOf);
    }
  }

  /** Null for what is no picture that could be had. */
  private readonly numberOf = (address: string): number | null => {
    const named = pictureAt(address);
    if (named === null) return null;
    const known = this.all.indexOf(named);
    return known === -1 ? this.all.push(named) - 1 : known;
  };
}

/** `cid:…` decoded, an address of the web as it stands; null for all else. */
function pictureAt(address: string): string | null {
  if (/^cid:/i.test(address)) return `cid:${decoded(address.slice('cid:'.length))}`;
  if (/^https?:\/\//i.test(address)) return address;
  // Without a scheme of its own it is fetched by the one that everybody has.
  return /^\/\/[^/]/.test(address) ? address : null;
}

/** Null for an address of the web. */
export function contentIdIn(named: string): string | null {
  return named.startsWith('cid:') ? named.slice('cid:'.length) : null;
}

/** `cid:a%40b` and the Content-ID header `<a@b>` name the same part. */
function decoded(written: string): string {
  try {
    return decodeURIComponent(written);
  } catch {
    return written;
  }
}

function hasColours(root: HTMLElement): boolean {
  if (root.querySelector('[bgcolor], [background], [color], body[text]')) return true;
  const styles = [...root.querySelectorAll('style')].map((element) => element.textContent);
  const attributes = [...root.querySelectorAll('[style]')].map(
    (element) => element.getAttribute('style') ?? '',
  );
  return [...styles, ...attributes].some(setsColour);
}
