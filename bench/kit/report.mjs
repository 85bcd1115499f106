import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { shownWithSpread } from './numbers.mjs';

const results = fileURLToPath(new URL('../results/', import.meta.url));
const page = fileURLToPath(new URL('../RESULTS.md', import.meta.url));

/**
 * @typedef {import('./figure.mjs').Figure} Figure
 * @typedef {{bench: string, says: string, figures: Figure[], apart?: string}} Section  `apart`: when and in how many
 *   runs, where it was not measured with the others
 * @typedef {{machine: ReturnType<typeof import('./machine.mjs').machine>, runs: number, quick: boolean,
 *   sections: Section[]}} Report
 */

const latest = `${results}latest.json`;

/** @param {Report} report */
export function writeJson(report) {
  mkdirSync(results, { recursive: true });
  writeFileSync(latest, `${JSON.stringify(report, null, 2)}\n`);
}

/** @param {Report} report */
export function writePage(report) {
  writeFileSync(page, pageText(report));
}

/**
 * Puts these sections in the place of the same ones; the rest of the page stays as it is.
 *
 * @param {Report} report
 * @param {readonly string[]} order  names of all benches
 */
export function writeSections(report, order) {
  if (!existsSync(page)) return writePage(report);
  const [head = '', ...old] = readFileSync(page, 'utf8')
    .trimEnd()
    .split(/\n(?=## )/);
  const sections = new Map(old.map((text) => [/^## (.*)/.exec(text)?.[1] ?? '', text.trimEnd()]));
  const apart = `Measured apart from the others: ${report.machine.date}, ${report.runs} runs.`;
  for (const section of report.sections)
    sections.set(
      section.bench,
      sectionText({ ...section, apart })
        .join('\n')
        .trim(),
    );
  writeFileSync(
    page,
    `${[head.trimEnd(), ...order.flatMap((name) => sections.get(name) ?? [])].join('\n\n')}\n`,
  );
}

/**
 * As a table for the terminal.
 *
 * @param {Section} section
 */
export function printSection({ bench, figures }) {
  const rows = figures.map((one) => [
    one.name,
    one.unit,
    shownWithSpread(one.roost),
    besideText(one),
    targetText(one),
  ]);
  const table = [['', 'unit', 'Roost', 'beside it', 'to reach'], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  console.log(`\n${bench}`);
  for (const row of table)
    console.log(row.map((text, column) => text.padEnd(widths[column] ?? 0)).join('  '));
}

/** @param {Report} report */
function pageText({ machine, runs, sections }) {
  const pinned = machine.pinned ? 'server and load on a core each' : 'server and load NOT pinned apart';
  return [
    '# Results of the benches',
    '',
    'Written by `npm run bench`; how each figure is measured stands in [docs/benchmarks.md](../docs/benchmarks.md).',
    'Compare within a line: what stands beside Roost was measured in the same run, on the same machine, by the same client.',
    '',
    `${machine.date}, ${machine.cpu}, ${machine.memory}, ${machine.system}, Node ${machine.node}, ${pinned}, load client in`,
    `${machine.client}, ${runs === 1 ? 'one run' : `medians of ${runs} runs with the least and the greatest`}.`,
    ...sections.flatMap(sectionText),
    '',
  ].join('\n');
}

/** @param {Section} section */
function sectionText({ bench, says, figures, apart }) {
  const notes = new Map(figures.filter(({ note }) => note !== '').map(({ name, note }) => [note, name]));
  return [
    '',
    `## ${bench}`,
    '',
    ...(apart === undefined ? [says] : [says, apart]),
    '',
    '| | unit | Roost | beside it | to reach | reached |',
    '|---|---|---|---|---|---|',
    ...figures.map(
      (one) =>
        `| ${one.name} | ${one.unit} | **${shownWithSpread(one.roost)}** | ${besideText(one)} | ${one.targets.map(({ says }) => says).join('<br>')} | ${one.targets.map(reachedText).join('<br>')} |`,
    ),
    '',
    ...[...notes].map(([note, name]) => `- ${name}: ${note}.`),
  ];
}

/** @param {Figure} figure */
function besideText({ beside }) {
  return Object.entries(beside)
    .map(([name, values]) => `${name} ${shownWithSpread(values)}`)
    .join(', ');
}

/** @param {Figure} figure */
function targetText({ targets }) {
  return targets.map((one) => `${one.says}: ${reachedText(one)}`).join('; ');
}

/** @param {import('./figure.mjs').Target} target */
function reachedText({ value, reached, reason }) {
  return reached ? `yes, ${value}` : `**no**, ${value}: ${reason}`;
}
