import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { onCore } from './cores.mjs';

const TICKS_PER_SECOND = 100;
const STOP_DEADLINE_MS = 15_000;

/** @type {Set<Child>} */
const alive = new Set();
process.on('exit', () => {
  for (const child of alive) child.process.kill('SIGKILL');
});
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, () => process.exit(1));

/** A process the bench started, and ends. */
export class Child {
  /** @type {string[]} */
  #lines = [];
  #errors = '';
  /** @type {(() => void) | null} */
  #heard = null;

  /**
   * @param {'server' | 'load' | 'anywhere'} side  whose core it runs on
   * @param {string} program
   * @param {readonly string[]} args
   * @param {Record<string, string>} [env]  added to the environment
   */
  constructor(side, program, args, env = {}) {
    const [command, all] = onCore(side, program, args);
    this.name = args[0] ?? program;
    this.process = spawn(command, all, { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
    alive.add(this);
    this.ended = once(this.process, 'exit').then(() => {
      alive.delete(this);
      this.#heard?.();
    });
    createInterface({ input: this.process.stdout }).on('line', (line) => {
      this.#lines.push(line);
      this.#heard?.();
    });
    this.process.stdin.on('error', () => {}); // it ended; the next read of a line says so
    this.process.stderr.on('data', (chunk) => {
      this.#errors = (this.#errors + chunk).slice(-4000);
    });
  }

  /** The pid, which taskset leaves to the program it becomes. */
  get pid() {
    return /** @type {number} */ (this.process.pid);
  }

  get errors() {
    return this.#errors;
  }

  /** @param {string} line */
  say(line) {
    this.process.stdin.write(`${line}\n`);
  }

  /**
   * The next line it prints for which `isMeant` holds.
   *
   * @param {number} deadlineMs
   * @param {(line: string) => boolean} [isMeant]
   * @returns {Promise<string>}
   */
  async line(deadlineMs, isMeant = () => true) {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      this.#heard?.();
    }, deadlineMs);
    try {
      for (;;) {
        while (this.#lines.length > 0) {
          const line = /** @type {string} */ (this.#lines.shift());
          if (isMeant(line)) return line;
        }
        if (isLate) throw new Error(`${this.name} said nothing for ${deadlineMs} ms. ${this.#errors}`);
        if (!alive.has(this)) throw new Error(`${this.name} ended. ${this.#errors}`);
        await new Promise((resolve) => {
          this.#heard = () => resolve(undefined);
        });
      }
    } finally {
      clearTimeout(timer);
      this.#heard = null;
    }
  }

  /** Processor time of all its threads so far, in seconds. */
  cpuSeconds() {
    if (!alive.has(this)) throw new Error(`${this.name} ended. ${this.#errors}`);
    const stat = readFileSync(`/proc/${this.pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  }

  /** Resident memory now, in bytes. */
  residentBytes() {
    const status = readFileSync(`/proc/${this.pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
  }

  async stop() {
    if (!alive.has(this)) return;
    this.process.kill('SIGTERM');
    const timer = setTimeout(() => this.process.kill('SIGKILL'), STOP_DEADLINE_MS);
    await this.ended;
    clearTimeout(timer);
  }
}
