import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { root } from './root.mjs';

/** @typedef {'SIGINT' | 'SIGTERM'} Ending */

/**
 * Runs a Node program in the foreground. When we are told to end, so is the program; once it has cleaned up
 * and ended, we end as well.
 *
 * @param {string} program
 * @param {string[]} [args]
 * @param {NodeJS.ProcessEnv} [env]  added to our own
 * @returns {Promise<number>}  its exit status; 128 + number when a signal ended it, as in a shell
 */
export function run(program, args = [], env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, ...env },
    });
    /** @type {Ending | null} */
    let told = null;
    const pass = (/** @type {Ending} */ signal) => {
      told = signal;
      // Ctrl-C in a terminal reaches the child by itself, and a second one would cut its clean-up short.
      if (signal === 'SIGTERM' || !process.stdin.isTTY) child.kill(signal);
    };
    process.on('SIGTERM', pass).on('SIGINT', pass);
    child.once('error', reject);
    child.once('exit', (status, signal) => {
      process.off('SIGTERM', pass).off('SIGINT', pass);
      if (told !== null) process.exit(shellStatus(told));
      resolve(status ?? shellStatus(signal ?? 'SIGKILL'));
    });
  });
}

/** @param {NodeJS.Signals} signal */
function shellStatus(signal) {
  return 128 + constants.signals[signal];
}
