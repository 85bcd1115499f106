import type { Group } from './parts.ts';

/** Groups looked at; a mail with more is not worth mending. */
const GROUPS_MAX = 20;

export interface Mended {
  /** True when a group of parts has no end. */
  readonly isCutOff: boolean;
  /** The body with the ends that were missing inside it, or null when none was missing there. */
  readonly body: Buffer | null;
}

/**
 * An inner multipart without its end delimiter swallows the parts that follow it in the outer one, because the
 * splitter knows only the delimiters of a part and its parent. Its end is put where the outer one goes on.
 */
export function mend(body: Buffer, groups: readonly Group[]): Mended {
  const unended = groups
    .slice(0, GROUPS_MAX)
    .filter(({ boundary }) => !body.includes(delimiter(boundary, '--')));
  const ends = unended
    .map((group) => ({ at: whereItEnds(body, group), boundary: group.boundary }))
    .filter(({ at }) => at !== -1)
    .sort((one, other) => one.at - other.at);
  return { isCutOff: unended.length > 0, body: ends.length > 0 ? withEnds(body, ends) : null };
}

/** The place of the first delimiter of an outer group after this group's last, or -1. */
function whereItEnds(body: Buffer, { boundary, around }: Group): number {
  const last = body.lastIndexOf(lineOf(boundary));
  if (last === -1) return -1;
  const outer = around.map((other) => body.indexOf(lineOf(other), last + 1)).filter((at) => at !== -1);
  return outer.length === 0 ? -1 : Math.min(...outer) + 1;
}

function withEnds(body: Buffer, ends: readonly { at: number; boundary: Buffer }[]): Buffer {
  const pieces: Buffer[] = [];
  let from = 0;
  for (const { at, boundary } of ends) {
    pieces.push(body.subarray(from, at), delimiter(boundary, '--\r\n'));
    from = at;
  }
  return Buffer.concat([...pieces, body.subarray(from)]);
}

function delimiter(boundary: Buffer, tail: string): Buffer {
  return Buffer.concat([Buffer.from('--'), boundary, Buffer.from(tail)]);
}

function lineOf(boundary: Buffer): Buffer {
  return Buffer.concat([Buffer.from('\n--'), boundary]);
}
