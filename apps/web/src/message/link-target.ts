/** Where a link leads, as a person can read it. */
export interface LinkTarget {
  /** The whole address, its host in ASCII: letters that look like others show as `xn--…`. */
  readonly address: string;
  /** Null for mail addresses and telephone numbers. */
  readonly host: string | null;
  /** True when its words say or suggest another place than the one it leads to. */
  readonly deceives: boolean;
}

const SHOWN_MAX_CHARS = 300;
/** What words that name a place begin with: `https://bank.example/…`, `www.bank.example`, `bank.example`. */
const PLACE = /^(?:https?:\/\/)?((?:[^\s/@:?#.]+\.)+[^\s/@:?#.]{2,})(?::\d+)?(?:[/?#]\S*)?$/i;
/** Characters that turn the direction of what stands around them, or show as nothing. */
const HIDDEN = /[\u00AD\u061C\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/;

/** @param text  what the link says of itself */
export function linkTarget(href: string, text: string): LinkTarget | null {
  if (!URL.canParse(href)) return null;
  const url = new URL(href);
  const address = url.href.length > SHOWN_MAX_CHARS ? `${url.href.slice(0, SHOWN_MAX_CHARS)}…` : url.href;
  if (url.protocol === 'mailto:' || url.protocol === 'tel:') return { address, host: null, deceives: false };
  const host = url.host;
  const deceives =
    HIDDEN.test(text.trim()) ||
    url.username !== '' ||
    url.password !== '' ||
    /(?:^|\.)xn--/.test(url.hostname) ||
    namesAnother(text, url.hostname);
  return { address, host, deceives };
}

/** Whether the words are the address of another place. A part of the host, or a longer name below it, is the same one. */
function namesAnother(text: string, hostname: string): boolean {
  const named = PLACE.exec(text.trim())?.[1];
  if (named === undefined) return false;
  if (!URL.canParse(`https://${named}`)) return true;
  const said = bare(new URL(`https://${named}`).hostname);
  const real = bare(hostname);
  return said !== real && !said.endsWith(`.${real}`) && !real.endsWith(`.${said}`);
}

function bare(hostname: string): string {
  return hostname
    .toLowerCase()
    .replace(/^www\./, '')
    .replace(/\.$/, '');
}
