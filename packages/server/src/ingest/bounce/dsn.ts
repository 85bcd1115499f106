import { enhancedCodeIn, refusalInWords } from '../../mail-refusal.ts';
import type { ParsedMail } from '../mime.ts';
import { readByHand } from './by-hand.ts';
import { messageIdsAround } from './original.ts';

/** What a mail server tells of a mail of ours. */
export interface DeliveryReport {
  /** `delayed` is still being tried; `relayed` went on to where nobody reports any more. */
  readonly kind: 'failed' | 'delayed' | 'relayed' | 'delivered';
  /** Message-IDs that may be that of our mail, with angle brackets, the surest first. Empty when it tells none. */
  readonly message_ids: readonly string[];
  /** Those it is about, lower case. */
  readonly recipients: readonly string[];
  /** One sentence for people. */
  readonly says: string;
}

/** What of a mail a report can be read from. */
export type MaybeReport = Pick<ParsedMail, 'headers' | 'from' | 'subject' | 'text' | 'html' | 'attachments'>;

/** About one recipient. */
export interface Fate {
  readonly kind: DeliveryReport['kind'];
  readonly recipient: string;
  /** The other server's words, '' when there are none. */
  readonly said: string;
  /** Enhanced status code, null when there is none. */
  readonly code: string | null;
}

/** Worst first: a report about several recipients is about the worst of them. */
const KINDS: readonly DeliveryReport['kind'][] = ['failed', 'delayed', 'relayed', 'delivered'];
const RECIPIENTS_MAX = 50;
const FIELDS_MAX_BYTES = 256 * 1024;

/**
 * Reads a delivery report: as RFC 3464 has it, and as mail servers write it that never heard of it. Mail of any other
 * kind, also what answers by itself, reports of reading (RFC 8098) and of abuse (RFC 5965), gives null.
 */
export function readReport(mail: MaybeReport): DeliveryReport | null {
  const fates = readStatusParts(mail) ?? readByHand(mail);
  return fates === null || fates.length === 0 ? null : reportOf(mail, fates.slice(0, RECIPIENTS_MAX));
}

const STATUS_TYPES: ReadonlySet<string> = new Set([
  'message/delivery-status',
  'message/global-delivery-status',
]);

function readStatusParts({ attachments }: MaybeReport): Fate[] | null {
  const parts = attachments.filter(({ content_type }) => STATUS_TYPES.has(content_type));
  const fates = parts.flatMap(({ bytes }) => fatesIn(bytes.subarray(0, FIELDS_MAX_BYTES).toString('utf8')));
  return fates.length === 0 ? null : fates;
}

/** Groups of fields apart by empty lines; some servers forget those, so a second recipient begins a group too. */
function fatesIn(text: string): Fate[] {
  const fates: Fate[] = [];
  let group = new Map<string, string>();
  const end = () => {
    const fate = fateOf(group);
    if (fate) fates.push(fate);
    group = new Map();
  };
  for (const line of text.replace(/\r?\n[ \t]+(?=\S)/g, ' ').split(/\r?\n/)) {
    const field = /^([A-Za-z-]{1,60})[ \t]*:[ \t]*(.*)$/.exec(line);
    if (!field) {
      if (line.trim() === '') end();
      continue;
    }
    const name = (field[1] as string).toLowerCase();
    if (name === 'final-recipient' && group.has(name)) end();
    if (!group.has(name)) group.set(name, (field[2] as string).trim());
  }
  end();
  return fates;
}

function fateOf(group: ReadonlyMap<string, string>): Fate | null {
  const status = enhancedCodeIn(group.get('status') ?? '');
  const kind = kindOf(group.get('action') ?? '', status);
  const recipient =
    addressIn(group.get('final-recipient') ?? '') || addressIn(group.get('original-recipient') ?? '');
  if (kind === null || (recipient === '' && !group.has('action'))) return null;
  const said = (group.get('diagnostic-code') ?? '').replace(/^[a-z0-9-]{1,30}\s*;\s*/i, '');
  return { kind, recipient, said, code: surerCode(status, said) };
}

/** A server's own reply tells more than a status such as 5.0.0. */
function surerCode(status: string | null, said: string): string | null {
  const own = enhancedCodeIn(said);
  return status === null || (/\.0\.0$/.test(status) && own !== null) ? own : status;
}

function kindOf(action: string, status: string | null): Fate['kind'] | null {
  switch (/^[a-z]+/.exec(action.toLowerCase())?.[0]) {
    case 'failed':
    case 'failure':
      return 'failed';
    case 'delayed':
      return 'delayed';
    case 'delivered':
      return 'delivered';
    case 'relayed':
    case 'expanded':
      return 'relayed';
    default:
      break;
  }
  if (status === null) return null;
  return status.startsWith('5') ? 'failed' : status.startsWith('4') ? 'delayed' : 'delivered';
}

/** From `rfc822;bob+40example.org` (RFC 3464, 2.3; RFC 3461, 4) or whatever stands there instead. */
function addressIn(written: string): string {
  const address = written.replace(/^[a-z0-9-]{1,30}\s*;\s*/i, '').trim();
  const plain = address.includes('@')
    ? address
    : address.replace(/\+([0-9A-F]{2})/g, (_, code: string) =>
        String.fromCharCode(Number.parseInt(code, 16)),
      );
  return /[^\s<>;,()]+@[^\s<>;,()]+/.exec(plain)?.[0].toLowerCase() ?? '';
}

function reportOf(mail: MaybeReport, fates: readonly Fate[]): DeliveryReport {
  const kind = KINDS.find((one) => fates.some((fate) => fate.kind === one)) ?? 'failed';
  const about = fates.filter((fate) => fate.kind === kind);
  const recipients = [...new Set(about.map(({ recipient }) => recipient))].filter((one) => one !== '');
  return {
    kind,
    message_ids: messageIdsAround(mail),
    recipients,
    says: sentence(kind, recipients, about[0]),
  };
}

const NAMED_MAX = 3;

function sentence(
  kind: DeliveryReport['kind'],
  recipients: readonly string[],
  first: Fate | undefined,
): string {
  const more = recipients.length > NAMED_MAX ? ` and ${recipients.length - NAMED_MAX} more` : '';
  const whom = recipients.length === 0 ? '' : ` to ${recipients.slice(0, NAMED_MAX).join(', ')}${more}`;
  const why = refusalInWords(first?.said ?? '', first?.code ?? null);
  switch (kind) {
    case 'failed':
      return `The mail could not be delivered${whom}: ${why}.`;
    case 'delayed':
      return `The mail has not been delivered${whom} yet, and is still being tried: ${why}.`;
    case 'relayed':
      return `The mail went on${whom}; nobody tells whether it arrives.`;
    case 'delivered':
      return `The mail was delivered${whom}.`;
  }
}
