import { spawn } from 'node:child_process';

/**
 * A service that cannot outlive us. A shell stands between: it holds the read end of a pipe whose other end
 * is ours. When we close it, or die in any way, kill -9 included, the shell stops the service and removes
 * its directory. The shell leads its own process group, so Ctrl-C in a terminal reaches us only.
 */
const GUARD = `
dir=$1; signal=$2; shift 2
exec 3<&0 </dev/null
"$@" 3<&- &
service=$!
exec >/dev/null 2>&1
(cat <&3 >/dev/null; kill -s "$signal" "$service") &
wait "$service"; status=$?
cd / && rm -rf "$dir"
exit "$status"
`;

/** A service that has been asked to end gets this long before its whole process group is killed. */
const STOP_DEADLINE_MS = 10_000;
/** Enough of the service's own words to explain why it did not start. */
const OUTPUT_KEPT_CHARS = 8_000;

/**
 * @typedef {object} Guarded
 * @property {() => boolean} running
 * @property {() => string} output  the last lines the service printed
 * @property {() => Promise<void>} stop  ends the service and removes its directory; safe to call twice
 */

/**
 * @param {string} command  full path of the service's program
 * @param {string[]} args
 * @param {object} options
 * @param {string} options.dir  owned by the service, its working directory, removed with it
 * @param {NodeJS.Signals} options.stopSignal
 * @param {{uid: number, gid: number} | undefined} [options.account]  run as this account instead of ours
 * @returns {Guarded}
 */
export function spawnGuarded(command, args, { dir, stopSignal, account }) {
  const shell = spawn('sh', ['-c', GUARD, 'guard', dir, stopSignal.replace(/^SIG/, ''), command, ...args], {
    cwd: dir,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    ...account,
  });
  let output = '';
  const keep = (/** @type {Buffer} */ chunk) => {
    output = (output + chunk).slice(-OUTPUT_KEPT_CHARS);
  };
  shell.stdout.on('data', keep);
  shell.stderr.on('data', keep);
  shell.on('error', (error) => keep(Buffer.from(String(error))));
  shell.stdin.on('error', () => {}); // the shell ended first: there is nobody left to tell

  let running = true;
  /** @type {Promise<void>} 'close' comes after the last output, 'exit' may come before it. */
  const ended = new Promise((resolve) => {
    const end = () => {
      running = false;
      resolve();
    };
    shell.once('close', end);
    shell.once('error', end);
  });

  return {
    running: () => running,
    output: () => output,
    async stop() {
      shell.stdin.end();
      const giveUp = setTimeout(() => {
        if (running && shell.pid !== undefined) process.kill(-shell.pid, 'SIGKILL');
      }, STOP_DEADLINE_MS);
      await ended;
      clearTimeout(giveUp);
    },
  };
}
