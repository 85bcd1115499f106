/**
 * Measures Roost beside others: `node bench/run.mjs [name…] [--quick] [--runs 5]`. Writes bench/results/latest.json,
 * and bench/RESULTS.md, where what was not measured stays as it was. With --quick it writes nothing.
 */
import { parseArgs } from 'node:util';
import { delivery } from './delivery.mjs';
import { fanOut } from './fan-out.mjs';
import { importing } from './import.mjs';
import { ingest } from './ingest.mjs';
import { isPinned } from './kit/cores.mjs';
import { machine } from './kit/machine.mjs';
import { printSection, writeJson, writePage, writeSections } from './kit/report.mjs';
import { memory } from './memory.mjs';
import { polling } from './polling.mjs';
import { purge } from './purge.mjs';
import { reconnect } from './reconnect.mjs';
import { search } from './search.mjs';
import { webhook } from './webhook.mjs';

const benches = {
  'fan-out': { says: 'One message to many readers.', run: fanOut },
  memory: { says: 'What an idle connection costs.', run: memory },
  ingest: { says: 'Messages stored for good: answered after the commit, nobody listening.', run: ingest },
  delivery: {
    says: 'From the planned instant of an ingest call, over the durable store, to the frame at the client.',
    run: delivery,
  },
  webhook: { says: 'WhatsApp in: from the webhook to the frame at the agents.', run: webhook },
  polling: { says: 'Lists over HTTP, by how many messages are stored. Server time.', run: polling },
  reconnect: { says: 'Everybody cut, and everybody back.', run: reconnect },
  import: { says: 'Old mail brought along, by a job beside the live traffic.', run: importing },
  purge: { says: 'Mail past its time is deleted while other mail arrives.', run: purge },
  search: { says: 'Words looked for among all that was ever said.', run: search },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false }, runs: { type: 'string' } },
});
const unknown = positionals.filter((name) => !(name in benches));
if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}.`);
  process.exit(2);
}
const options = { quick: values.quick, runs: Number(values.runs ?? (values.quick ? 1 : 5)) };
if (!isPinned) console.log('Without taskset and two cores, server and load share: the figures say little.');

/** @type {import('./kit/report.mjs').Report} */
const report = { machine: machine(), ...options, sections: [] };
for (const [bench, { says, run }] of Object.entries(benches)) {
  if (positionals.length > 0 && !positionals.includes(bench)) continue;
  const startedAt = performance.now();
  const section = { bench, says, figures: await run(options) };
  report.sections.push(section);
  printSection(section);
  console.log(`(${Math.round((performance.now() - startedAt) / 1000)} s)`);
  if (!values.quick) writeJson(report);
}
if (!values.quick) {
  if (positionals.length === 0) writePage(report);
  else writeSections(report, Object.keys(benches));
}
const missed = report.sections.flatMap(({ figures }) =>
  figures.flatMap(({ targets }) => targets.filter((one) => !one.reached)),
);
console.log(`\n${missed.length === 0 ? 'Every target was reached.' : `Targets missed: ${missed.length}.`}`);
