import { connect } from 'node:net';
import { Histogram } from './fallback-histogram.mjs';
import { stampsIn } from './fallback-stamp.mjs';

const PATHS = { roost: '/api/v1/ws', ws: '/', 'socket.io': '/socket.io/?EIO=4&transport=websocket' };
const MASK = Buffer.from('Rost');
const OPEN_DEADLINE_MS = 120_000;

/** The clients that listen; see readers.h. */
export class FallbackReaders {
  /** @type {Reader[]} */
  #readers = [];
  #counts = this.#nothing();
  lastRowAt = 0;

  /**
   * @param {string} dialect
   * @param {number} port
   * @param {string} token
   */
  constructor(dialect, port, token) {
    this.dialect = /** @type {keyof typeof PATHS} */ (dialect);
    this.port = port;
    this.token = token;
  }

  get live() {
    return this.#readers.filter(({ state }) => state === 'live').length;
  }

  get rows() {
    return this.#counts.rows;
  }

  clear() {
    this.#counts = this.#nothing();
    this.lastRowAt = performance.now();
  }

  tally() {
    return { live: this.live, ...this.#counts };
  }

  /**
   * @param {number} count
   * @param {number} inFlight
   */
  async open(count, inFlight) {
    const fresh = Array.from({ length: count }, () => new Reader(this));
    this.#readers.push(...fresh);
    await this.#dial(fresh, inFlight, false);
  }

  /** @param {boolean} resumes */
  back(resumes) {
    return this.#dial(this.#readers, this.#readers.length, resumes);
  }

  cut() {
    for (const reader of this.#readers) reader.cut();
  }

  /**
   * @param {Reader[]} readers
   * @param {number} inFlight
   * @param {boolean} resumes
   */
  async #dial(readers, inFlight, resumes) {
    const waiting = [...readers];
    const work = async () => {
      for (let reader = waiting.shift(); reader; reader = waiting.shift()) {
        const startedAt = performance.now();
        if (await reader.dial(resumes)) this.#counts.opening.add(performance.now() - startedAt);
      }
    };
    const late = new Promise((resolve) => setTimeout(resolve, OPEN_DEADLINE_MS).unref());
    await Promise.race([Promise.all(Array.from({ length: inFlight }, work)), late]);
  }

  /** @param {number} bytes */
  read(bytes) {
    this.#counts.reads += 1;
    this.#counts.bytes += bytes;
  }

  /** @param {string} text */
  first(text) {
    this.#counts.first_rows += stampsIn(text).length;
  }

  /** @param {string} text */
  rowsCame(text) {
    const now = performance.now();
    const planned = stampsIn(text);
    if (planned.length === 0) return;
    for (const instant of planned) this.#counts.latency.add(now - instant);
    this.#counts.frames += 1;
    this.#counts.rows += planned.length;
    if (planned.length === 1) this.#counts.frame_length = Buffer.byteLength(text);
    this.lastRowAt = now;
  }

  gap() {
    this.#counts.gaps += 1;
  }

  /** @param {string} problem */
  lost(problem) {
    this.#counts.failed += 1;
    this.#counts.problem ||= problem;
  }

  #nothing() {
    return {
      failed: 0,
      frames: 0,
      rows: 0,
      bytes: 0,
      reads: 0,
      gaps: 0,
      first_rows: 0,
      frame_length: 0,
      problem: '',
      latency: new Histogram(),
      opening: new Histogram(),
    };
  }
}

/** One connection. */
class Reader {
  /** @type {'gone' | 'upgrading' | 'greeting' | 'catching-up' | 'live'} */
  state = 'gone';
  #home;
  /** @type {import('node:net').Socket | null} */
  #socket = null;
  /** @type {Buffer} */
  #rest = Buffer.alloc(0);
  #awaited = 0;
  #epoch = '';
  #offset = 0;
  #resumes = false;
  /** @type {(isLive: boolean) => void} */
  #settle = () => {};

  /** @param {FallbackReaders} home */
  constructor(home) {
    this.#home = home;
  }

  /** @param {boolean} resumes */
  dial(resumes) {
    const { port, dialect } = this.#home;
    this.#resumes = resumes;
    this.#rest = Buffer.alloc(0);
    this.state = 'upgrading';
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.#socket = socket;
    const protocol = dialect === 'roost' ? 'Sec-WebSocket-Protocol: roost.v1\r\n' : '';
    socket.write(
      `GET ${PATHS[dialect]} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${protocol}\r\n`,
    );
    socket.on('data', (chunk) => this.#receive(chunk));
    socket.on('error', (error) => this.#end(error.message));
    socket.on('close', () => this.#end('the server hung up'));
    return new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  cut() {
    this.state = 'gone';
    this.#socket?.removeAllListeners().on('error', () => {});
    this.#socket?.destroy();
  }

  /** @param {string} why */
  #end(why) {
    if (this.state === 'gone') return;
    this.cut();
    this.#home.lost(why);
    this.#settle(false);
  }

  #live() {
    this.state = 'live';
    this.#settle(true);
  }

  /** @param {Buffer} chunk */
  #receive(chunk) {
    this.#home.read(chunk.length);
    let bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    while (bytes.length > 0 && this.state !== 'gone') {
      const taken = this.state === 'upgrading' ? this.#takeUpgrade(bytes) : this.#takeFrame(bytes);
      if (taken === 0) break;
      bytes = bytes.subarray(taken);
    }
    this.#rest = bytes;
  }

  /** @param {Buffer} bytes */
  #takeUpgrade(bytes) {
    const end = bytes.indexOf('\r\n\r\n');
    if (end === -1) return 0;
    if (!bytes.toString('latin1', 0, 12).endsWith('101')) this.#end('the upgrade was refused');
    else {
      this.state = 'greeting';
      if (this.#home.dialect === 'roost') this.#hello();
    }
    return end + 4;
  }

  #hello() {
    const hello = {
      type: 'hello',
      token: this.#home.token,
      ...(this.#resumes && this.#epoch ? { cursor: `${this.#epoch}.${this.#offset}` } : {}),
      subscriptions: [{ id: 's1', channel: 'inbox', params: { limit: 50 } }],
    };
    this.#send(1, JSON.stringify(hello));
  }

  /** @param {Buffer} bytes */
  #takeFrame(bytes) {
    if (bytes.length < 2) return 0;
    let length = bytes.readUInt8(1);
    let header = 2;
    if (length === 126) {
      if (bytes.length < 4) return 0;
      length = bytes.readUInt16BE(2);
      header = 4;
    } else if (length === 127) {
      if (bytes.length < 10) return 0;
      length = Number(bytes.readBigUInt64BE(2));
      header = 10;
    }
    if (bytes.length < header + length) return 0;
    const opcode = bytes.readUInt8(0) & 0x0f;
    const text = bytes.toString('utf8', header, header + length);
    if (opcode === 1) this.#text(text);
    else if (opcode === 9) this.#send(10, text);
    else if (opcode === 8) this.#end(`closed: ${text.slice(2)}`);
    return header + length;
  }

  /** @param {string} text */
  #text(text) {
    if (this.#home.dialect === 'roost') return this.#roostText(text);
    if (this.#home.dialect === 'socket.io' && !text.startsWith('42')) {
      if (text.startsWith('0')) this.#send(1, '40');
      else if (text === '2') this.#send(1, '3');
      return;
    }
    if (this.state === 'live') return this.#home.rowsCame(text);
    this.#home.first(text);
    this.#live();
  }

  /** @param {string} text */
  #roostText(text) {
    if (this.state === 'catching-up') {
      this.#home.first(text);
      this.#awaited -= 1;
      if (this.#awaited === 0) this.#live();
    } else if (text.startsWith('{"type":"delta"')) {
      const [, prev, offset] = /"prev":(\d+),"offset":(\d+)/.exec(text) ?? [];
      if (Number(prev) > this.#offset) this.#home.gap();
      this.#offset = Number(offset);
      this.#home.rowsCame(text);
    } else if (text.startsWith('{"type":"ping"')) this.#send(1, '{"type":"pong"}');
    else if (text.startsWith('{"type":"connected"')) {
      const { cursor, frames } = JSON.parse(text);
      const [epoch, offset] = cursor.split('.');
      this.#epoch = epoch;
      this.#offset = Number(offset);
      this.#awaited = frames;
      if (frames === 0) this.#live();
      else this.state = 'catching-up';
    } else if (text.startsWith('{"type":"error"')) this.#end(text);
  }

  /**
   * @param {number} opcode
   * @param {string} text
   */
  #send(opcode, text) {
    const payload = Buffer.from(text);
    const head =
      payload.length < 126
        ? Buffer.from([0x80 | opcode, 0x80 | payload.length])
        : Buffer.from([0x80 | opcode, 0x80 | 126, payload.length >> 8, payload.length & 0xff]);
    for (const [at, byte] of payload.entries()) payload[at] = byte ^ /** @type {number} */ (MASK[at & 3]);
    this.#socket?.write(Buffer.concat([head, MASK, payload]));
  }
}
