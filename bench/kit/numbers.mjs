/** @param {readonly number[]} values  at least one */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = /** @type {number} */ (sorted[middle]);
  return sorted.length % 2 === 1 ? upper : (upper + /** @type {number} */ (sorted[middle - 1])) / 2;
}

/**
 * As people read it: three digits that matter, thousands set apart.
 *
 * @param {number} value
 */
export function shown(value) {
  if (!Number.isFinite(value)) return '–';
  const digits = value === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  const rounded = value >= 1000 ? Number(value.toPrecision(3)) : Number(value.toFixed(digits));
  return rounded.toLocaleString('en-US', { maximumFractionDigits: digits });
}

/**
 * Median, and the least and greatest of several runs.
 *
 * @param {readonly number[]} values
 */
export function shownWithSpread(values) {
  if (values.length === 0) return '–';
  const middle = shown(median(values));
  return values.length === 1
    ? middle
    : `${middle} (${shown(Math.min(...values))}–${shown(Math.max(...values))})`;
}
