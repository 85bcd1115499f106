import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atMost, figure } from './kit/figure.mjs';
import { fillLibrary, wordAt } from './kit/library.mjs';
import { median } from './kit/numbers.mjs';
import { Samples } from './kit/samples.mjs';
import { startRoost } from './kit/servers.mjs';

const LIMIT_MS = 50;
const ADDRESS = 'help@library.example';
/** Asked of each kind in a run, each with other words. */
const ASKED = 60;
const NOTE =
  'whole answer of GET /api/v1/search over one kept-alive connection, 20 found with their rows and excerpts';

/** What people look for. `n` differs from one to the next. @type {Readonly<Record<string, (n: number) => string>>} */
const kinds = {
  'a common word': (n) => `q=${wordAt(n % 10)}%20`,
  'a rare word': (n) => `q=${wordAt(30_000 + n)}%20`,
  'a word that nobody said': (n) => `q=nobody${n}`,
  'two common words': (n) => `q=${wordAt(n % 20)}+${wordAt(20 + (n % 30))}%20`,
  'a common and a rare word': (n) => `q=${wordAt(n % 10)}+${wordAt(5_000 + n)}%20`,
  'two characters, as typed': (n) => `q=${wordAt(n * 7).slice(0, 2)}`,
  'four characters, as typed': (n) => `q=${wordAt(300 + n * 7).slice(0, 4)}`,
  'a common word and two characters, as typed': (n) => `q=${wordAt(n % 10)}+${wordAt(n * 7).slice(0, 2)}`,
  'a phrase': (n) => `q="${wordAt(n % 10)}+${wordAt((n * 3) % 40)}"`,
  'a common word without another': (n) => `q=${wordAt(n % 10)}+-${wordAt((n + 1) % 10)}%20`,
  'a common word in open conversations': (n) => `q=${wordAt(n % 10)}%20&status=open`,
  'a common word in pending conversations': (n) => `q=${wordAt(n % 10)}%20&status=pending`,
  'contacts by name': (n) => `q=${wordAt(300 + n)}&kind=contact`,
};

/**
 * How long a search takes where much was said.
 *
 * @param {import('./kit/figure.mjs').Options & {program?: string}} options
 * @returns {Promise<import('./kit/figure.mjs').Figure[]>}
 */
export async function search({ runs, quick, program }) {
  const size = quick ? 100_000 : 1_000_000;
  const data = mkdtempSync(join(tmpdir(), 'roost-bench-'));
  const samples = new Samples();
  try {
    await founded(data, program);
    fillLibrary(data, size);
    const server = await startRoost({ data, ...(program ? { program } : {}) });
    try {
      for (let run = -1; run < runs; run += 1)
        for (const [name, asked] of Object.entries(kinds)) {
          const times = await ask(server, (n) => asked(n + run * ASKED + ASKED));
          if (run < 0) continue; // warms up
          samples.add(name, 'p50', times[Math.floor(times.length * 0.5)] ?? 0);
          samples.add(name, 'p95', times[Math.floor(times.length * 0.95)] ?? 0);
        }
    } finally {
      await server.stop();
    }
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
  return Object.keys(kinds).flatMap((name) =>
    ['p50', 'p95'].map((what) => {
      const ours = samples.of(name, what);
      const why = 'it matches much, and little of it at once; see domain/search';
      const targets = [atMost(`<= ${LIMIT_MS} ms`, median(ours), LIMIT_MS, why)];
      return figure(
        `${name}, ${size.toLocaleString('en-US')} messages, ${what}`,
        'ms',
        ours,
        {},
        { targets, note: NOTE },
      );
    }),
  );
}

/**
 * The first messages are the server's own work; the others are made like them.
 *
 * @param {string} data
 * @param {string} [program]
 */
async function founded(data, program) {
  const server = await startRoost({ data, ...(program ? { program } : {}) });
  try {
    server.roost('inbox', 'add', 'mail', '--address', ADDRESS);
    const answer = await fetch(`http://127.0.0.1:${server.port}/api/v1/ingest/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        to: ADDRESS,
        from: 'Ann <ann@example.org>',
        subject: 'First',
        text: 'The first',
      }),
    });
    if (!answer.ok)
      throw new Error(`The first message was answered ${answer.status}: ${await answer.text()}`);
    // The job that indexes later has looked at all that there is.
    await new Promise((resolve) => setTimeout(resolve, 2_500));
  } finally {
    await server.stop();
  }
}

/**
 * Times of the answers, ms, the least first.
 *
 * @param {import('./kit/servers.mjs').Server} server
 * @param {(n: number) => string} asked
 */
async function ask({ port, token }, asked) {
  const times = [];
  for (let n = 0; n < ASKED; n += 1) {
    const startedAt = performance.now();
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/search?${asked(n)}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    await answer.json();
    times.push(performance.now() - startedAt);
    if (answer.status !== 200) throw new Error(`A search was answered ${answer.status}`);
  }
  return times.sort((a, b) => a - b);
}
