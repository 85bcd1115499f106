import { figure } from './kit/figure.mjs';
import { ownerOf, until } from './kit/owner.mjs';
import { Samples } from './kit/samples.mjs';
import { startRoost } from './kit/servers.mjs';

const MAILS = 20_000;
const BODY = 'A line of a mail that somebody kept for years.\r\n'.repeat(60);
const DEADLINE_MS = 15 * 60_000;
const LOOK_EVERY_MS = 250;

/**
 * Old mail brought along as an mbox: stored for good, with the server's memory beside it.
 *
 * @param {import('./kit/figure.mjs').Options} options
 * @returns {Promise<import('./kit/figure.mjs').Figure[]>}
 */
export async function importing({ runs, quick }) {
  const count = quick ? MAILS / 20 : MAILS;
  const samples = new Samples();
  for (let run = 0; run < runs; run += 1) {
    const server = await startRoost({ collects: true });
    try {
      const owner = await ownerOf(server);
      const inbox = await owner.ask('POST', '/api/v1/inboxes', {
        kind: 'mail',
        address: 'old.bench.example',
      });
      // The first mails warm the reader up, so that what grows later grows with the count of mails.
      await imported(owner, inbox.id, mboxOf('warm', Math.ceil(count / 10)));
      const before = server.child.residentBytes();
      let highest = before;
      const startedAt = performance.now();
      await imported(owner, inbox.id, mboxOf('old', count), () => {
        highest = Math.max(highest, server.child.residentBytes());
      });
      samples.add('roost', 'mails', count / ((performance.now() - startedAt) / 1000));
      samples.add('roost', 'memory', (highest - before) / 2 ** 20);
    } finally {
      await server.stop();
    }
  }
  const size = Math.round(mboxOf('size', 1).length / 1000);
  return [
    figure(
      `import of ${count} mails of ${size} kB from an mbox`,
      'mails/s',
      samples.of('roost', 'mails'),
      {},
      {
        note: 'from the first byte of the upload to the end of the job; each mail and its source synced to disk',
      },
    ),
    figure('memory the server takes more meanwhile', 'MiB', samples.of('roost', 'memory')),
  ];
}

/**
 * @param {import('./kit/owner.mjs').Owner} owner
 * @param {string} inboxId
 * @param {string} mbox
 * @param {() => void} [onLook]
 */
async function imported(owner, inboxId, mbox, onLook = () => {}) {
  const job = await owner.send(`/api/v1/inboxes/${inboxId}/imports?filename=old.mbox`, mbox);
  const ended = await until(DEADLINE_MS, LOOK_EVERY_MS, async () => {
    onLook();
    const now = await owner.ask('GET', `/api/v1/jobs/${job.id}`);
    return now.ended_at === null ? null : now;
  });
  if (ended.state !== 'done' || ended.problems.length > 0)
    throw new Error(`The import ended as ${ended.state}: ${ended.problems.join(' ')}`);
}

/**
 * @param {string} name
 * @param {number} count
 */
function mboxOf(name, count) {
  const mails = Array.from(
    { length: count },
    (_, at) =>
      `From a@x.example Sat Jan  3 01:02:03 2015\r\nFrom: A <a${at}@x.example>\r\nTo: b@old.bench.example\r\n` +
      `Subject: ${name} ${at}\r\nMessage-ID: <${name}-${at}@x.example>\r\n\r\n${BODY}\r\n`,
  );
  return mails.join('');
}
