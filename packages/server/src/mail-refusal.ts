/** Longest piece of another server's words that a person is shown. */
const SAID_MAX_CHARS = 300;

/** Enhanced status codes (RFC 3463 and its registry) that a person can do something about. */
const MEANINGS: Readonly<Record<string, string>> = {
  '1.1': 'there is no such mailbox',
  '1.2': 'the domain of the address takes no mail or does not exist',
  '1.3': 'the address is not written correctly',
  '1.6': 'the mailbox has moved',
  '1.8': 'the sender’s address was not accepted',
  '1.10': 'the domain of the address takes no mail',
  '2.1': 'the mailbox is closed',
  '2.2': 'the mailbox is full',
  '2.3': 'the message is too big for the mailbox',
  '3.4': 'the message is too big',
  '4.1': 'the other mail server did not answer',
  '4.3': 'the address of the other mail server could not be found',
  '4.4': 'no way to the other mail server was found',
  '4.6': 'the mail went round in a loop',
  '4.7': 'delivering it took too long',
  '6.1': 'the kind of content is not accepted',
  '7.1': 'the other side does not accept it, usually for a rule of its own',
  '7.23': 'the domain of the sender does not allow our mail server to send (SPF)',
  '7.20': 'the mail carries no signature (DKIM) that is accepted',
  '7.25': 'our mail server has no name of its own (reverse DNS)',
  '7.26': 'the sender could not be proved (SPF, DKIM)',
};

/** What the plain words of servers that give no code, or a vague one, mean. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/(mailbox|quota|storage)[^.]{0,40}(full|exceed)|over ?quota|quota exceeded/i, '2.2'],
  [
    /user unknown|unknown user|no such (user|mailbox|recipient|address)|does(n't| not) exist|recipient (address )?rejected: undeliverable|unknown (recipient|address|mailbox)|invalid (recipient|mailbox)|mailbox (not found|unavailable)|not our customer/i,
    '1.1',
  ],
  [/account (is )?(disabled|inactive|suspended)|mailbox (is )?(disabled|inactive)/i, '2.1'],
  [/(host|domain)( name)?( was)? (not found|unknown)|no such domain|nxdomain|unrouteable/i, '1.2'],
  [/too (big|large)|size (limit )?exceed|exceeds? (the )?(maximum |max )?(message )?size/i, '3.4'],
  [/spam|blacklist|blocklist|block list|\brbl\b|reputation|blocked|spamhaus/i, '7.1'],
];

/** `5.1.1` among what a server said; null when it says none. */
export function enhancedCodeIn(said: string): string | null {
  return /(?:^|[\s(#])([245]\.\d{1,3}\.\d{1,3})(?=$|[\s)>;:,-]|\.(?!\d))/.exec(said)?.[1] ?? null;
}

/**
 * Why another server did not take a mail, as the rest of a sentence: what it means where that is known, and what the
 * server said. Without a full stop at its end.
 *
 * @param said  the server's words, with or without codes
 * @param code  an enhanced status code that came apart from them
 */
export function refusalInWords(said: string, code: string | null = null): string {
  const words = readable(said);
  const meaning = meaningOf(said, code ?? enhancedCodeIn(said));
  if (meaning === null)
    return words === '' ? 'the other side gave no reason' : `the other side said “${words}”`;
  return words === '' ? meaning : `${meaning} (“${words}”)`;
}

function meaningOf(said: string, code: string | null): string | null {
  const byCode = code === null ? undefined : MEANINGS[code.slice(2)];
  // Words tell more than the vaguest codes do.
  const isVague = byCode === undefined || code?.endsWith('.7.1') === true;
  const byWords = isVague ? WORDS.find(([pattern]) => pattern.test(said))?.[1] : undefined;
  return (byWords === undefined ? undefined : MEANINGS[byWords]) ?? byCode ?? null;
}

/** In one line, without the codes that lead each line of a reply. */
function readable(said: string): string {
  const words = said
    .split(/\r?\n/)
    .map((line) =>
      line.replace(/^\s*(?:smtp;\s*)?(?:[245]\d\d[ -]?)?\s*(?:#?[245]\.\d{1,3}\.\d{1,3}[ -]?)?/i, ''),
    )
    .join(' ')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  return words.length > SAID_MAX_CHARS
    ? `${words.slice(0, SAID_MAX_CHARS).replace(/[\ud800-\udbff]$/, '')}…`
    : words;
}
