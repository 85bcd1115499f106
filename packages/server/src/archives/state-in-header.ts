import type { ArchivedState } from '../domain/index.ts';
import { PLAIN } from './archived-mail.ts';

const HEAD_MAX_BYTES = 64 << 10;
const LABEL_MAX_CHARS = 50;
const LABELS_MAX_COUNT = 50;
/** Gmail's own words for what we say by a folder. */
const GMAIL_FOLDERS: Readonly<Record<string, string>> = {
  sent: 'Sent',
  drafts: 'Drafts',
  draft: 'Drafts',
  spam: 'Junk',
  trash: 'Trash',
};
const GMAIL_STATES = new Set(['inbox', 'unread', 'opened', 'starred', 'important', 'archived']);

/** What other programs write into the headers of a mail they keep in an mbox: mutt, Thunderbird, Gmail. */
export function stateInHeader(source: Buffer): ArchivedState {
  const head = headOf(source);
  const said = (name: string) => new RegExp(`^${name}:[ \\t]*(.*)$`, 'im').exec(head)?.[1]?.trim() ?? null;
  const mozilla = Number.parseInt(said('X-Mozilla-Status') ?? '0', 16) || 0;
  const status = said('Status') ?? '';
  const more = said('X-Status') ?? '';
  const state: ArchivedState = {
    ...PLAIN,
    seen: status.includes('R') || (mozilla & 0x0001) !== 0,
    answered: more.includes('A') || (mozilla & 0x0002) !== 0,
    flagged: more.includes('F') || (mozilla & 0x0004) !== 0,
    forwarded: (mozilla & 0x1000) !== 0,
    draft: more.includes('T'),
  };
  const gmail = said('X-Gmail-Labels');
  return gmail === null || gmail.includes('=?') ? state : byGmail(state, gmail);
}

function byGmail(state: ArchivedState, written: string): ArchivedState {
  const labels = written
    .split(',')
    .map((label) => label.trim().toLowerCase())
    .filter((label) => label !== '' && label.length <= LABEL_MAX_CHARS);
  const folder = labels.map((label) => GMAIL_FOLDERS[label]).find((one) => one !== undefined);
  return {
    ...state,
    folder: folder ?? (labels.includes('inbox') ? null : 'Archive'),
    seen: !labels.includes('unread'),
    flagged: labels.includes('starred'),
    draft: folder === 'Drafts',
    labels: labels
      .filter((label) => !GMAIL_STATES.has(label) && GMAIL_FOLDERS[label] === undefined)
      .slice(0, LABELS_MAX_COUNT),
  };
}

function headOf(source: Buffer): string {
  const head = source.subarray(0, HEAD_MAX_BYTES).toString('latin1');
  const end = /\r?\n\r?\n/.exec(head)?.index ?? head.length;
  return head.slice(0, end).replace(/\r/g, '');
}
