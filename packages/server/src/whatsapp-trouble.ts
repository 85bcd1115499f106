/** Longest piece of the platform's words that a person is shown. */
const SAID_MAX_CHARS = 300;

/** What an error of the WhatsApp platform means for a message that was to be sent. */
export interface TroubleMeaning {
  /** The rest of “The message was not sent: …”, without a full stop. */
  readonly says: string;
  /** Whether the same message may get through later. */
  readonly passes: boolean;
}

const gone = (says: string): TroubleMeaning => ({ says, passes: false });
const passing = (says: string): TroubleMeaning => ({ says, passes: true });

const TOKEN = passing('the access token of this inbox is not valid any more; a new one is needed');
const PERMISSION = passing('the access token of this inbox lacks the right to do this');
const TOO_FAST = passing('more was sent than WhatsApp allows at once');
const BUSY = passing('WhatsApp is out of order at the moment');
const TEMPLATE_GONE = gone('there is no such template in this language, or it is not approved yet');
const TEMPLATE_PAUSED = gone('WhatsApp has paused this template because of its low quality');
const RESTRICTED = gone('WhatsApp has restricted or blocked this business account');

/** By the code of the Cloud API. A wrong key or an unpaid bill is put right by somebody, so it is worth coming again. */
const MEANINGS: Readonly<Record<number, TroubleMeaning>> = {
  0: TOKEN,
  1: BUSY,
  2: BUSY,
  3: PERMISSION,
  4: TOO_FAST,
  10: PERMISSION,
  33: gone('the number of this inbox is not known to WhatsApp any more'),
  100: gone('WhatsApp does not accept a value in this message'),
  190: TOKEN,
  200: PERMISSION,
  368: RESTRICTED,
  80007: TOO_FAST,
  130403: gone('the recipient cannot be written to by this business'),
  130429: TOO_FAST,
  130472: gone(
    'WhatsApp does not deliver such messages to this person at the moment (an experiment of theirs)',
  ),
  130497: gone('this business may not write to people in that country'),
  131000: BUSY,
  131005: PERMISSION,
  131008: gone('a value that WhatsApp asks for is missing'),
  131009: gone('WhatsApp does not accept a value in this message'),
  131016: BUSY,
  131021: gone('the recipient is the sending number itself'),
  131026: gone(
    'it could not be delivered: the number may not be on WhatsApp, use too old a version, or not have accepted the terms',
  ),
  131030: gone('the number is not on the list of recipients that this test account may write to'),
  131031: RESTRICTED,
  131037: gone('the display name of this number still has to be approved by WhatsApp'),
  131042: passing('WhatsApp has a problem with the payment method of this account'),
  131045: gone('this number is not registered correctly with WhatsApp'),
  131047: gone('more than 24 hours have passed since the contact last wrote; only a template may be sent'),
  131048: TOO_FAST,
  131049: gone('WhatsApp has kept it back so that the recipient does not get too many such messages'),
  131050: gone('the recipient has stopped marketing messages from this business'),
  131051: gone('this kind of message is not supported'),
  131052: gone('the file that was sent could not be fetched'),
  131053: gone('the file could not be uploaded: its type or size is not accepted'),
  131056: passing('too many messages were sent to this person in a short time'),
  131057: passing('the account is under maintenance'),
  132000: gone('the number of values does not fit the template'),
  132001: TEMPLATE_GONE,
  132005: gone('the template with its values filled in is too long'),
  132007: gone('the template breaks a rule of WhatsApp'),
  132012: gone('a value does not have the form that the template asks for'),
  132015: TEMPLATE_PAUSED,
  132016: gone('WhatsApp has switched this template off for good because of its low quality'),
  132068: gone('the form of this template is blocked'),
  132069: passing('the form of this template is used too often at the moment'),
  133000: BUSY,
  133004: BUSY,
  133005: gone('the PIN of the second factor is wrong'),
  133006: gone('the number of this inbox has to be verified again'),
  133010: gone('the number of this inbox is not registered with WhatsApp'),
  133016: TOO_FAST,
  135000: gone('WhatsApp could not make sense of this message'),
};

/** Null for a code nobody has told us the meaning of. */
export function meaningOfTrouble(code: number | null): TroubleMeaning | null {
  if (code === null) return null;
  if (Object.hasOwn(MEANINGS, code)) return MEANINGS[code] ?? null;
  return code > 200 && code < 300 ? PERMISSION : null;
}

export interface ToldTrouble {
  readonly code: number | null;
  readonly title: string;
  readonly details: string;
}

/** Why WhatsApp did not do something, as the rest of a sentence: what it means where that is known, and its own words. */
export function troubleInWords({ code, title, details }: ToldTrouble): string {
  const said = readable(details === '' ? title : details);
  const number = code === null ? '' : ` (${code})`;
  const meaning = meaningOfTrouble(code);
  if (meaning !== null) return `${meaning.says}${number}`;
  return said === '' ? `WhatsApp gave no reason${number}` : `WhatsApp said “${said}”${number}`;
}

/** One line, no quotation marks of its own. */
function readable(said: string): string {
  const line = said
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .replace(/[“”]/g, '"')
    .trim();
  return line.length > SAID_MAX_CHARS ? `${line.slice(0, SAID_MAX_CHARS - 1).trimEnd()}…` : line;
}
