import type { Simulator } from './simulator.ts';

const SHOWN_ROWS = 100;

/** What was sent and received, newest first, for people. Renews itself; runs no script. */
export function statusPage(simulator: Simulator): string {
  const { sent, said, webhooks, faults, settings } = simulator;
  const number = `${settings.display_phone} (${settings.phone_number_id})`;
  const newest = <T>(all: readonly T[]) => all.slice(-SHOWN_ROWS).reverse();
  const pending = `${webhooks.pending} waiting, ${webhooks.dropped} dropped, ${faults.count} faults to come`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="2">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Simulated WhatsApp</title>
<style>
body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#1b1f23;background:#fff}
table{border-collapse:collapse;width:100%;margin:0 0 2rem}th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #e3e6e8;vertical-align:top}
th{font-weight:600}code{font-size:.85em;overflow-wrap:anywhere}.bad{color:#b42318}
@media(prefers-color-scheme:dark){body{color:#e6e8ea;background:#14171a}th,td{border-color:#30363b}.bad{color:#ff8a80}}
</style></head><body>
<h1>Simulated WhatsApp</h1>
<p>Number ${text(number)}, webhooks to <code>${text(webhooks.target ?? 'nowhere yet')}</code>; ${text(pending)}.</p>
<h2>Sent by the server (${sent.count})</h2>
${table(
  ['When', 'To', 'What', 'Statuses'],
  newest(sent.all).map((one) => [
    timeOf(one.at),
    one.to,
    `${one.type}: ${wordsOf(one.message)}`,
    one.statuses.join(', '),
  ]),
)}
<h2>Written by customers (${said.count})</h2>
${table(
  ['When', 'From', 'What', 'Read'],
  newest(said.all).map((one) => [timeOf(one.at), one.from, wordsOf(one.message), one.read ? 'read' : '']),
)}
<h2>Webhooks (${webhooks.deliveries.count})</h2>
${table(
  ['When', 'Attempt', 'Answered', 'Took', 'Tells'],
  newest(webhooks.deliveries.all).map((one) => [
    timeOf(one.at),
    String(one.attempt),
    one.status === null ? 'nothing' : String(one.status),
    `${one.ms} ms`,
    one.tells,
  ]),
)}
</body></html>
`;
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '<p>Nothing yet.</p>';
  const head = heads.map((cell) => `<th scope="col">${text(cell)}</th>`).join('');
  const body = rows
    .map((row) => `<tr>${row.map((cell) => `<td>${text(cell)}</td>`).join('')}</tr>`)
    .join('\n');
  return `<table><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table>`;
}

function timeOf(at: number): string {
  return new Date(at).toISOString().slice(11, 23);
}

/** What a message says, or its JSON. */
function wordsOf(message: Readonly<Record<string, unknown>>): string {
  const body = (message.text as { body?: unknown } | undefined)?.body;
  return (typeof body === 'string' ? body : JSON.stringify(message)).slice(0, 300);
}

function text(written: string): string {
  return written.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
