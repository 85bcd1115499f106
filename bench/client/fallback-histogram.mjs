/** Durations in buckets 0.4 % wide. */
export class Histogram {
  #step = Math.log(1.004);
  #buckets = new Uint32Array(8192);
  count = 0;
  max = 0;

  /** @param {number} ms */
  add(ms) {
    const bucket = Math.floor(Math.log(Math.max(1, ms * 1e6)) / this.#step);
    const at = Math.min(this.#buckets.length - 1, bucket);
    this.#buckets[at] = (this.#buckets[at] ?? 0) + 1;
    this.count += 1;
    this.max = Math.max(this.max, ms);
  }

  /** @param {number} share  of the durations that are at most what is returned, in ms */
  at(share) {
    const wanted = Math.min(this.count, Math.floor(this.count * share) + 1);
    let seen = 0;
    for (const [bucket, count] of this.#buckets.entries()) {
      seen += count;
      if (count > 0 && seen >= wanted) return Math.exp((bucket + 0.5) * this.#step) / 1e6;
    }
    return 0;
  }

  toJSON() {
    return { count: this.count, p50: this.at(0.5), p99: this.at(0.99), max: this.max };
  }
}
