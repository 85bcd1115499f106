import type { ArchivedState } from '../domain/index.ts';
import { archivedState } from '../domain/index.ts';
import { PLAIN } from './archived-mail.ts';

/** Under this name a tar of ours says all of a mail's state (POSIX.1-2001, extended headers). */
export const STATE_RECORD = 'ROOST.state';

/** Keeps names apart from their flags: `:` by the book, the others where file systems know no colon. */
const MAILDIR = /^(?:(.*)\/)?(?:cur|new)\/([^/]+)$/;
const FLAGS = /[:;!]2,([A-Za-z]*)$/;
/** Files that mail servers keep beside the mails of a Maildir. */
const BESIDE =
  /(?:^|\/)(?:dovecot[^/]*|maildirfolder|subscriptions|maildirsize|courier[^/]*|\.[^/]*|tmp\/[^/]*|__MACOSX\/.*|Thumbs\.db)$/i;

/**
 * What the name of a file in an archive says of the mail it holds.
 *
 * @param told  {@link STATE_RECORD} of the entry, where it has one
 * @returns null for what is no mail; `beside` where that is nothing to speak of
 */
export function stateByName(path: string, told: string | undefined): ArchivedState | 'beside' | null {
  const state = told === undefined ? null : readState(told);
  if (state) return state;
  const clean = path.replace(/\\/g, '/').replace(/^(?:\.?\/)+/, '');
  const [, home, name] = MAILDIR.exec(clean) ?? [];
  if (name !== undefined && !BESIDE.test(name))
    return { ...byFlags(FLAGS.exec(name)?.[1] ?? ''), folder: maildirFolder(home ?? '') };
  if (/\.eml$/i.test(clean) && !BESIDE.test(clean)) return { ...PLAIN, folder: plainFolder(clean) };
  return BESIDE.test(clean) ? 'beside' : null;
}

/** Letters of a Maildir's flags, in the order of the alphabet, as it asks for. */
export function flagsOf({ draft, flagged, forwarded, answered, seen }: ArchivedState): string {
  return `${draft ? 'D' : ''}${flagged ? 'F' : ''}${forwarded ? 'P' : ''}${answered ? 'R' : ''}${seen ? 'S' : ''}`;
}

function byFlags(flags: string): ArchivedState {
  return {
    ...PLAIN,
    draft: flags.includes('D'),
    flagged: flags.includes('F'),
    forwarded: flags.includes('P'),
    answered: flags.includes('R'),
    seen: flags.includes('S'),
  };
}

/** `.Clients.Acme` of Maildir++, `Clients/Acme` of folders in folders; the top one is INBOX. */
function maildirFolder(home: string): string | null {
  const names = home.split('/').filter((name) => name !== '' && name !== '.');
  const last = names.at(-1) ?? '';
  if (last.startsWith('.')) return last.slice(1).split('.').map(fromUtf7).join('/');
  if (/^maildir$/i.test(names[0] ?? '')) names.shift();
  return names.length === 0 ? null : names.map(fromUtf7).join('/');
}

function plainFolder(path: string): string | null {
  const folder = path.split('/').slice(0, -1).join('/');
  return folder === '' ? null : folder;
}

/** Names of mailboxes as IMAP writes them (RFC 3501, 5.1.3); others stay as they are. */
function fromUtf7(name: string): string {
  return name.replace(/&([A-Za-z0-9+,]*)-/g, (_whole, base64: string) => {
    if (base64 === '') return '&';
    const bytes = Buffer.from(base64.replace(/,/g, '/'), 'base64');
    return bytes
      .subarray(0, bytes.length & ~1)
      .swap16()
      .toString('utf16le');
  });
}

function readState(told: string): ArchivedState | null {
  try {
    return archivedState.safeParse(JSON.parse(told)).data ?? null;
  } catch {
    return null;
  }
}
