import { type Condition, Failure, type RuleField, wildcardMatches } from '@roost/protocol';
import { RE2JS, RE2JSException } from 're2js';
import { type MailFacts, valuesOf } from './facts.ts';

const VALUE_SHOWN_CHARS = 200;
/** Of a compiled pattern: what grows with `{n,m}` is refused before it costs memory. */
const PROGRAM_MAX_SIZE = 20_000;

/** What a condition found; null where it does not hold. */
export interface Found {
  readonly field: RuleField;
  /** The value it matched, cut; for a condition of absence, what was looked for. */
  readonly value: string;
}

export type Test = (facts: MailFacts) => Found | null;

/**
 * Makes a condition ready to be asked of many mails. Every kind takes time in proportion to the text, whatever the
 * pattern: regular expressions are those of RE2, which has no backtracking.
 *
 * @throws rule.invalid  saying what is wrong, and where
 */
export function testOf(condition: Condition): Test {
  const { field, value, not } = condition;
  const fits = fitsOf(condition);
  return (facts) => {
    const found = valuesOf(facts, field).find(fits);
    if (not) return found === undefined ? { field, value: cut(value) } : null;
    return found === undefined ? null : { field, value: cut(found) };
  };
}

/** All of a rule's. @throws rule.invalid  saying which of them, what is wrong, and where */
export function testsOf(conditions: readonly Condition[]): Test[] {
  return conditions.map((one, at) => {
    try {
      return testOf(one);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      throw new Failure('rule.invalid', `Condition ${at + 1}: ${error.message}`);
    }
  });
}

function fitsOf({ field, op, value }: Condition): (text: string) => boolean {
  const wanted = value.toLowerCase();
  const isSize = field === 'size_bytes';
  if (isSize !== (op === 'over' || op === 'under'))
    throw invalid(
      isSize
        ? 'A size is compared by “over” or “under”.'
        : `“${op}” compares sizes, which “${field}” is not.`,
    );
  if (value === '' && op !== 'is') throw invalid(`“${field}” needs a value to be compared with.`);
  switch (op) {
    case 'over':
    case 'under': {
      const bytes = sizeOf(value);
      return op === 'over' ? (text) => Number(text) > bytes : (text) => Number(text) < bytes;
    }
    case 'is':
      return (text) => text.toLowerCase() === wanted;
    case 'contains':
      return (text) => text.toLowerCase().includes(wanted);
    case 'wildcard': {
      const pieces = wanted.split('*');
      return (text) => wildcardMatches(pieces, text.toLowerCase());
    }
    case 'regex': {
      const pattern = compile(value);
      return (text) => pattern.matcher(text).find();
    }
  }
}

/** @throws rule.invalid */
function compile(source: string): RE2JS {
  try {
    const pattern = RE2JS.compile(source, RE2JS.CASE_INSENSITIVE);
    if (pattern.programSize() > PROGRAM_MAX_SIZE)
      throw invalid('This pattern is too large; use fewer repeats.');
    return pattern;
  } catch (error) {
    if (error instanceof RE2JSException)
      throw invalid(`The pattern “${cut(source)}” cannot be used: ${error.message}.`);
    throw error;
  }
}

function sizeOf(value: string): number {
  const found = /^\s*(\d{1,12})\s*(k|m|g)?b?\s*$/i.exec(value);
  if (!found) throw invalid(`“${cut(value)}” is no size; write bytes, or such as “2 MB”.`);
  const unit = { k: 1 << 10, m: 1 << 20, g: 1 << 30 }[(found[2] ?? '').toLowerCase()] ?? 1;
  return Number(found[1]) * unit;
}

function cut(text: string): string {
  return text.length > VALUE_SHOWN_CHARS ? `${text.slice(0, VALUE_SHOWN_CHARS - 1)}…` : text;
}

function invalid(says: string): Failure {
  return new Failure('rule.invalid', says);
}
