import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findProgram } from '../../scripts/services/find.mjs';
import { Child } from './child.mjs';
import { watchCpu } from './cpu-use.mjs';

const sources = fileURLToPath(new URL('../client/', import.meta.url));
const cache = fileURLToPath(new URL('../.cache/', import.meta.url));
const COMMAND_DEADLINE_MS = 180_000;

/**
 * @typedef {{count: number, p50: number, p99: number, max: number}} Durations  in ms
 * @typedef {{live: number, failed: number, frames: number, rows: number, bytes: number, reads: number, gaps: number,
 *   first_rows: number, frame_length: number, unread: number, least_offset: number, most_offset: number,
 *   problem: string, opening: Durations}} Readers
 * @typedef {Readers & {ms: number}} Opened
 * @typedef {Readers & {messages: number, refused: number, refusal: number, answered_ms: number, delivered_ms: number,
 *   expected_rows: number, answers: Durations, latency: Durations, use: import('./cpu-use.mjs').CpuUse}} Published
 * @typedef {{status: number, bytes: number, etag: string, answers: Durations}} Got
 */

/** Which client loads: the one in C, or the one in Node where there is no compiler, or where it is asked for. */
export const clientKind = findProgram('cc') && !process.env.BENCH_NODE_CLIENT ? 'C' : 'Node';

/** @type {string | null} */
let compiled = null;

/** Compiles the client, once for each state of its sources. */
function program() {
  if (compiled) return compiled;
  const files = readdirSync(sources).filter((name) => /\.[ch]$/.test(name));
  const hash = createHash('sha256');
  for (const name of files.sort()) hash.update(name).update(readFileSync(sources + name));
  const path = `${cache}load-${hash.digest('hex').slice(0, 16)}`;
  if (!existsSync(path)) {
    mkdirSync(cache, { recursive: true });
    const modules = files.filter((name) => name.endsWith('.c')).map((name) => sources + name);
    execFileSync('cc', ['-O2', '-o', `${path}.${process.pid}`, ...modules]);
    renameSync(`${path}.${process.pid}`, path);
  }
  compiled = path;
  return path;
}

/** A load client at work on one server. */
export class Load {
  #child;
  #server;

  /**
   * @param {'roost' | 'ws' | 'socket.io' | 'agents'} dialect
   * @param {{port: number, publishPath: string, token: string, child: Child}} server
   * @param {Record<string, string>} [more]  of the environment
   */
  constructor(dialect, server, more = {}) {
    this.#server = server.child;
    const args = [dialect, String(server.port), server.publishPath];
    const env = { LOAD_TOKEN: server.token, ...more };
    this.#child =
      clientKind === 'C'
        ? new Child('load', program(), args, env)
        : new Child('load', process.execPath, [`${sources}fallback.mjs`, ...args], env);
  }

  /**
   * Opens readers until all are live.
   *
   * @param {number} count
   * @param {number} [inFlight]
   * @returns {Promise<Opened>}
   */
  async open(count, inFlight = 100) {
    const opened = await this.#command(`open ${count} ${inFlight}`);
    if (opened.failed > 0 || opened.problem) throw new Error(`Readers did not connect: ${opened.problem}`);
    return opened;
  }

  /**
   * Posts messages, and waits until every reader has every one.
   *
   * @param {{connections: number, requests: number, batch?: number, perSecond?: number, repeatEvery?: number}} plan
   *   without a rate, each connection posts again as soon as it has its answer; of webhooks each so many-th is the
   *   one before it again
   * @returns {Promise<Published>}
   */
  async publish({ connections, requests, batch = 1, perSecond = 0, repeatEvery = 0 }) {
    const cpuUse = watchCpu(this.#server, this.#child);
    const published = await this.#command(
      `publish ${connections} ${requests} ${batch} ${perSecond} ${repeatEvery}`,
    );
    if (published.refused > 0) throw new Error(`Refused with ${published.refusal}. ${this.#child.errors}`);
    const use = cpuUse();
    // The client in C looks for events without a pause while it has readers; what counts is its work on them.
    return { ...published, use: { ...use, load: published.load ?? use.load } };
  }

  /**
   * @param {number} count
   * @param {string} path
   * @param {string} [etag]
   * @returns {Promise<Got>}  of the last answer, and how long all took
   */
  get(count, path, etag = '') {
    return this.#command(`get ${count} ${path} ${etag}`);
  }

  /**
   * Who opens readers from here on, of the dialect `agents`.
   *
   * @param {string} file  a line `token conversation` for each
   */
  agents(file) {
    return this.#command(`agents ${file}`);
  }

  cut() {
    return this.#command('cut');
  }

  /**
   * @param {'resume' | 'anew'} how
   * @returns {Promise<Opened>}
   */
  back(how) {
    return this.#command(`back ${how}`);
  }

  stop() {
    return this.#child.stop();
  }

  /** @param {string} command */
  async #command(command) {
    this.#child.say(command);
    return JSON.parse(await this.#child.line(COMMAND_DEADLINE_MS));
  }
}
