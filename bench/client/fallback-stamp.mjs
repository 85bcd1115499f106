/** The planned instant of a message, as `bench~0123456789abcdef~` in its subject; see stamp.h. */
const STAMP = /bench~([0-9a-f]{16})~/g;

/** @param {number} ms  of performance.now() */
export function stamp(ms) {
  return `bench~${Math.round(ms * 1e6)
    .toString(16)
    .padStart(16, '0')}~`;
}

/**
 * Planned instants of all rows in a text, in ms.
 *
 * @param {string} text
 */
export function stampsIn(text) {
  return [...text.matchAll(STAMP)].map(([, digits]) => Number.parseInt(digits ?? '', 16) / 1e6);
}
