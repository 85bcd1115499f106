/** Values of several runs, by name: `samples.add('ws', 'p50', 3)`. */
export class Samples {
  /** @type {Map<string, number[]>} */
  #values = new Map();

  /**
   * @param {string} subject
   * @param {string} what
   * @param {number} value
   */
  add(subject, what, value) {
    const values = this.of(subject, what);
    values.push(value);
    this.#values.set(`${subject} ${what}`, values);
  }

  /**
   * @param {string} subject
   * @param {string} what
   * @returns {number[]}  none when it was not measured
   */
  of(subject, what) {
    return this.#values.get(`${subject} ${what}`) ?? [];
  }

  /**
   * What the peers measured, by their names.
   *
   * @param {readonly string[]} subjects
   * @param {string} what
   */
  beside(subjects, what) {
    const measured = subjects.map((subject) => /** @type {const} */ ([subject, this.of(subject, what)]));
    return Object.fromEntries(measured.filter(([, values]) => values.length > 0));
  }
}
