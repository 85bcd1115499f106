import { readFileSync } from 'node:fs';
import { median } from './numbers.mjs';

const TICKS_PER_SECOND = 100;
const FULL = 0.9;
const DISTURBED = 0.2;

/**
 * @typedef {object} CpuUse
 * @property {number} server  cores, on average over a measurement
 * @property {number} load  the client
 * @property {number} others  every other program on the machine
 * @property {number} serverSeconds  processor time of the server
 */

/**
 * Starts to watch; call what it returns at the end.
 *
 * @param {import('./child.mjs').Child} server
 * @param {import('./child.mjs').Child} load
 * @returns {() => CpuUse}
 */
export function watchCpu(server, load) {
  const at = () => ({
    now: performance.now() / 1000,
    server: server.cpuSeconds(),
    load: load.cpuSeconds(),
    all: busySeconds(),
  });
  const before = at();
  return () => {
    const after = at();
    const seconds = after.now - before.now;
    const mine = { server: after.server - before.server, load: after.load - before.load };
    return {
      server: mine.server / seconds,
      load: mine.load / seconds,
      serverSeconds: mine.server,
      others: Math.max(0, after.all - before.all - mine.server - mine.load) / seconds,
    };
  };
}

/** What kept a measurement from being better, as far as the processors tell. */
export class Bottleneck {
  /** @type {CpuUse[]} */
  #uses = [];

  /** @param {CpuUse} use */
  add(use) {
    this.#uses.push(use);
  }

  says() {
    if (this.#uses.length === 0) return 'not known';
    const middle = (/** @type {'server' | 'load' | 'others'} */ whose) =>
      median(this.#uses.map((use) => use[whose]));
    const [server, load, others] = [middle('server'), middle('load'), middle('others')];
    const disturbed = others >= DISTURBED ? `; other programs took ${percent(others)} of a core` : '';
    return `${side(server, load)} (server ${percent(server)}, client ${percent(load)})${disturbed}`;
  }
}

/**
 * @param {number} server
 * @param {number} load
 */
function side(server, load) {
  if (server >= FULL) return "the server's core is full";
  if (load >= FULL) return "the load client's core is full";
  return 'neither core is full';
}

/** @param {number} share */
function percent(share) {
  return `${Math.round(share * 100)} %`;
}

/** Of all processors together, with what the hypervisor took. */
function busySeconds() {
  const line = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0] ?? '';
  const [user, nice, system, , , irq, softirq, steal] = line.trim().split(/\s+/).slice(1).map(Number);
  return sum([user, nice, system, irq, softirq, steal]) / TICKS_PER_SECOND;
}

/** @param {(number | undefined)[]} values */
function sum(values) {
  return values.reduce((/** @type {number} */ total, value) => total + (value ?? 0), 0);
}
