/**
 * Sends mails over several SMTP connections, each pipelined as RFC 2920 allows: envelope in one packet, then the
 * mail and, without waiting, the envelope of the next. Prints one line of JSON.
 *
 *   node smtp.mjs PORT CONNECTIONS MAILS
 */
import { connect } from 'node:net';
import { mailText } from './mail.mjs';

const [port = 0, connections = 1, mails = 0] = process.argv.slice(2).map(Number);
let next = 0;
let refused = 0;
/** @type {number[]} */
const tookMs = [];

const startedAt = performance.now();
await Promise.all(Array.from({ length: connections }, sendMany));
const ms = performance.now() - startedAt;
tookMs.sort((a, b) => a - b);
const at = (/** @type {number} */ share) =>
  tookMs[Math.min(tookMs.length - 1, Math.floor(tookMs.length * share))];
console.log(JSON.stringify({ mails: tookMs.length, refused, ms, p50: at(0.5), p99: at(0.99) }));

/** One connection, until no mail is left. */
function sendMany() {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    /** @type {keyof typeof steps} */
    let awaits = 'greeting';
    let sentAt = 0;
    let buffered = '';
    const envelope = () => {
      sentAt = performance.now();
      return 'MAIL FROM:<ann@example.test>\r\nRCPT TO:<bench@localhost>\r\nDATA\r\n';
    };
    const steps = {
      greeting: () => say('EHLO bench.example.test\r\n', 'ehlo'),
      ehlo: () => begin(),
      mail: () => say('', 'rcpt'),
      rcpt: () => say('', 'data'),
      data: () => say(`${mailText(next)}\r\n.\r\n`, 'taken'),
      taken: () => {
        tookMs.push(performance.now() - sentAt);
        begin();
      },
      bye: () => {},
    };
    const say = (/** @type {string} */ text, /** @type {keyof typeof steps} */ then) => {
      if (text) socket.write(text);
      awaits = then;
    };
    const begin = () => {
      if (next >= mails) return say('QUIT\r\n', 'bye');
      next += 1;
      say(envelope(), 'mail');
    };
    socket.setEncoding('latin1');
    socket.on('data', (chunk) => {
      buffered += chunk;
      for (let end = buffered.indexOf('\r\n'); end !== -1; end = buffered.indexOf('\r\n')) {
        const reply = buffered.slice(0, end);
        buffered = buffered.slice(end + 2);
        if (reply[3] === '-') continue;
        if (reply >= '4') {
          refused += 1;
          reject(new Error(reply));
          socket.destroy();
          return;
        }
        steps[awaits]();
      }
    });
    socket.on('error', reject);
    socket.on('close', resolve);
  });
}
