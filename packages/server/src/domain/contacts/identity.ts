import { normalAddress } from '@roost/protocol';
import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { LRUCache } from 'lru-cache';

export type IdentityKind = 'email' | 'phone' | 'external';

/** What a contact is recognised by. `value` is in normal form. */
export interface Identity {
  readonly kind: IdentityKind;
  readonly value: string;
}

const EXTERNAL_MAX_CHARS = 200;

export function emailIdentity(address: string): Identity {
  return { kind: 'email', value: normalAddress(address) };
}

/** Reading a number takes longer than storing a message, and who writes once writes again. */
const normalPhones = new LRUCache<string, { readonly number: string | null }>({ max: 5_000 });
const REMEMBERED_MAX_CHARS = 40;

/** @returns E.164 such as `+4930123456`; null for what is no phone number anywhere */
export function normalPhone(written: string): string | null {
  if (written.length > REMEMBERED_MAX_CHARS) return readPhone(written);
  let known = normalPhones.get(written);
  if (!known) {
    known = { number: readPhone(written) };
    normalPhones.set(written, known);
  }
  return known.number;
}

function readPhone(written: string): string | null {
  const international = /^\s*\+/.test(written) ? written : `+${written}`;
  const parsed = parsePhoneNumberFromString(international);
  return parsed?.isPossible() ? parsed.number : null;
}

/** A number as WhatsApp names people: digits without a plus. What no plan of numbers knows is kept as it is. */
export function whatsappIdentity(id: string): Identity {
  return { kind: 'phone', value: normalPhone(id) ?? `+${id.replace(/\D/g, '')}` };
}

/** As somebody outside names a person, in normal form: so that there is one contact, however they are written. */
export function normalIdentity({ kind, value }: Identity): Identity {
  switch (kind) {
    case 'email':
      return emailIdentity(value);
    case 'phone':
      return whatsappIdentity(value);
    case 'external':
      return externalIdentity(value);
  }
}

export function externalIdentity(id: string): Identity {
  return { kind: 'external', value: id.slice(0, EXTERNAL_MAX_CHARS) };
}
