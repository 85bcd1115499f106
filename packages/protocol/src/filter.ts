import { Failure } from './failures.ts';
import { FILTER_MAX_CHARS } from './limits.ts';

/**
 * The address filter: which recipients a list shows.
 *
 * - with `@`, without `*`: that address exactly
 * - with `@` and `*`: a wildcard over the whole address
 * - without `@`: a substring of the local part, or with `*` a wildcard over the whole local part, any domain
 *
 * Letter case does not matter; every character but `*` stands for itself.
 */
export type AddressFilter =
  | { readonly kind: 'address'; readonly address: string }
  | { readonly kind: 'address-pattern'; readonly pieces: readonly string[] }
  | { readonly kind: 'local-substring'; readonly text: string }
  | { readonly kind: 'local-pattern'; readonly pieces: readonly string[] };

/** Control characters, and halves of surrogate pairs: neither stores nor URLs keep them as they are. */
const UNLISTED = /[\p{Cc}\p{Cs}]/u;

/**
 * Why a filter cannot be used: longer than any address can be, or of characters that no address has.
 *
 * @returns a sentence for a person; null when it can
 */
export function problemOfFilter(text: string): string | null {
  const written = normalAddress(text);
  if (written.length > FILTER_MAX_CHARS)
    return `An address filter has at most ${FILTER_MAX_CHARS} characters.`;
  return UNLISTED.test(written)
    ? 'An address filter holds no control characters and no half characters.'
    : null;
}

/**
 * @returns null for an empty filter, which shows everything
 * @throws filter.invalid  see {@link problemOfFilter}
 */
export function parseAddressFilter(text: string): AddressFilter | null {
  const problem = problemOfFilter(text);
  if (problem !== null) throw new Failure('filter.invalid', problem);
  const written = normalAddress(text);
  if (written === '') return null;
  const pieces = written.split('*');
  if (written.includes('@')) {
    return pieces.length === 1 ? { kind: 'address', address: written } : { kind: 'address-pattern', pieces };
  }
  return pieces.length === 1 ? { kind: 'local-substring', text: written } : { kind: 'local-pattern', pieces };
}

/** `address` is in the form of {@link normalAddress}. */
export function addressMatches(filter: AddressFilter, address: string): boolean {
  switch (filter.kind) {
    case 'address':
      return address === filter.address;
    case 'address-pattern':
      return wildcardMatches(filter.pieces, address);
    case 'local-substring':
      return localPart(address).includes(filter.text);
    case 'local-pattern':
      return wildcardMatches(filter.pieces, localPart(address));
  }
}

/** The form in which addresses are stored and compared. */
export function normalAddress(address: string): string {
  return address.trim().toLowerCase();
}

export function localPart(address: string): string {
  const at = address.lastIndexOf('@');
  return at === -1 ? address : address.slice(0, at);
}

export function domainPart(address: string): string {
  const at = address.lastIndexOf('@');
  return at === -1 ? '' : address.slice(at + 1);
}

/**
 * `pieces` are what stood between the asterisks. Each piece is taken where it first fits, which is enough
 * because asterisks take anything: linear time, whatever the pattern.
 */
export function wildcardMatches(pieces: readonly string[], text: string): boolean {
  const first = pieces[0] as string;
  const last = pieces[pieces.length - 1] as string;
  if (pieces.length === 1) return text === first;
  if (text.length < first.length + last.length) return false;
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  const end = text.length - last.length;
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = text.indexOf(piece, at);
    if (found === -1 || found + piece.length > end) return false;
    at = found + piece.length;
  }
  return true;
}
