import { writeFileSync } from 'node:fs';
import { tally } from './tally.mjs';

/** A vitest reporter that leaves the run's tally as JSON in the file named by ROOST_TALLY_FILE. */
export default class TallyReporter {
  /** @param {readonly import('vitest/node').TestModule[]} files */
  onTestRunEnd(files) {
    const path = process.env.ROOST_TALLY_FILE;
    if (path) writeFileSync(path, JSON.stringify(tally(files)));
  }
}
