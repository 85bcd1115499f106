import { cutChars, storable } from '../mime/text.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** Ids, names of kinds, media types: what is longer is none. */
const NAME_MAX_CHARS = 512;
/** What is kept of JSON that nobody here understands. */
const RAW_MAX_CHARS = 16 * 1024;

/** What stands at `path`, one own field after another; undefined where the way ends. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let found = value;
  for (const name of path) {
    // Own fields only: a kind named "constructor" leads nowhere.
    if (!isFields(found) || !Object.hasOwn(found, name)) return undefined;
    found = found[name];
  }
  return found;
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The list at `path`; nothing for anything else. */
export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** Text a person wrote or reads, at most `max` characters; null for no text and for empty text. */
export function textAt(value: unknown, max: number, ...path: readonly string[]): string | null {
  const found = at(value, ...path);
  return typeof found === 'string' && found !== '' ? storable(cutChars(found, max)) : null;
}

/** An id or a name of something: text, or a number written as one. Null when it is neither, empty or too long. */
export function nameAt(value: unknown, ...path: readonly string[]): string | null {
  const found = at(value, ...path);
  const name = typeof found === 'number' && Number.isSafeInteger(found) ? String(found) : found;
  return typeof name === 'string' && name !== '' && name.length <= NAME_MAX_CHARS ? storable(name) : null;
}

/** A number, also one written as text. */
export function numberAt(value: unknown, ...path: readonly string[]): number | null {
  const found = at(value, ...path);
  const number = typeof found === 'string' && found.trim() !== '' ? Number(found) : found;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/** From here on a number cannot be seconds of this age any more. */
const SECONDS_MAX = 1e11;
const TIME_MAX_MS = 8.64e15;

/** A Unix time in seconds (or milliseconds), as ms since 1970 UTC; null for none. */
export function timeAt(value: unknown, ...path: readonly string[]): number | null {
  const found = numberAt(value, ...path);
  if (found === null || found <= 0) return null;
  const ms = Math.round(found < SECONDS_MAX ? found * 1000 : found);
  return ms <= TIME_MAX_MS ? ms : null;
}

/** JSON that is kept because nobody here understands it: cut, and with a word where it cannot be written at all. */
export function rawOf(value: unknown): string {
  try {
    return storable(cutChars(JSON.stringify(value) ?? '', RAW_MAX_CHARS));
  } catch {
    // Deeper than the stack; the reader of the body was no recursion, the writer is one.
    return '"(too deeply nested to be kept)"';
  }
}
