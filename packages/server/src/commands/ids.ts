import { formatArrival } from '@roost/protocol';
import type { Random } from '../clock.ts';

/** Things one command may make an id for with their order kept: 32 to the power of these characters. */
const PLACE_CHARS = 3;

/** An id that sorts, as text, in the order of the log, and within one entry in the order of making. */
export function idAt(offset: number, place: number, random: Random): string {
  return `${formatArrival(offset)}${place.toString(32).padStart(PLACE_CHARS, '0')}${chanceText(random)}`;
}

/** Eight characters that keep ids apart which took the same offset in two lifetimes of a log. */
function chanceText(random: Random): string {
  return Math.floor(random() * 2 ** 40)
    .toString(32)
    .padStart(8, '0');
}

/** The name of a log's lifetime. */
export function newEpoch(random: Random): string {
  return `e${chanceText(random)}`;
}
