import { median, shown } from './numbers.mjs';

/**
 * @typedef {{runs: number, quick: boolean}} Options  quick: less of everything, to see that it works
 *
 * @typedef {object} Figure  one measured quantity of Roost, with the same of others
 * @property {string} name
 * @property {string} unit
 * @property {readonly number[]} roost  one value a run
 * @property {Readonly<Record<string, readonly number[]>>} beside  by the name of what it is compared with
 * @property {readonly Target[]} targets
 * @property {string} note  the bottleneck, and what else explains the figure
 *
 * @typedef {object} Target
 * @property {string} says
 * @property {string} value  what was reached of it
 * @property {boolean} reached
 * @property {string | null} reason  why not
 */

/**
 * @param {string} name
 * @param {string} unit
 * @param {readonly number[]} roost
 * @param {Readonly<Record<string, readonly number[]>>} [beside]
 * @param {{targets?: Target[], note?: string}} [more]
 * @returns {Figure}
 */
export function figure(name, unit, roost, beside = {}, { targets = [], note = '' } = {}) {
  return { name, unit, roost, beside, targets, note };
}

/**
 * @param {string} says
 * @param {number} value
 * @param {number} limit
 * @param {string} why  told when it is missed
 * @returns {Target}
 */
export function atLeast(says, value, limit, why) {
  return target(says, value, value >= limit, why);
}

/** The same for what should be small. @type {typeof atLeast} */
export function atMost(says, value, limit, why) {
  return target(says, value, value <= limit, why);
}

/**
 * @param {string} says
 * @param {number} value
 * @param {boolean} reached
 * @param {string} why
 * @returns {Target}
 */
function target(says, value, reached, why) {
  return { says, value: shown(value), reached, reason: reached ? null : why };
}

/**
 * Of the medians.
 *
 * @param {readonly number[]} ours
 * @param {readonly number[]} theirs
 */
export function ratio(ours, theirs) {
  return median(ours) / median(theirs);
}
