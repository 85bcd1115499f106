import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock, systemRandom, systemSecrets } from '../../clock.ts';
import { controls, stateOf } from './control.ts';
import type { FaultInput } from './faults.ts';
import {
  type Answer,
  answerCall,
  callOf,
  type Effects,
  Refused,
  type Request,
  refusal,
} from './graph-api.ts';
import { statusPage } from './page.ts';
import { DEFAULTS, type SimulatorSettings } from './settings.ts';
import { Simulator } from './simulator.ts';

export type { SayingInput } from './customer.ts';
export type { FaultInput } from './faults.ts';
export type { SimulatedTemplate, SimulatorSettings } from './settings.ts';
export type { SaidMessage, SayOptions, SentMessage } from './simulator.ts';

/** The largest file, and the form around it. */
const BODY_MAX_BYTES = 101 << 20;

export interface WhatsAppSimulator
  extends Pick<
    Simulator,
    | 'say'
    | 'tell'
    | 'tellTemplate'
    | 'deliver'
    | 'fail'
    | 'verify'
    | 'onSent'
    | 'unreachable'
    | 'files'
    | 'settings'
  > {
  /** The status page; `/control/<name>` is beside it. */
  readonly url: string;
  /** The API's base, with its version: what `ROOST_WHATSAPP_URL` is set to. */
  readonly graphUrl: string;
  readonly sent: Simulator['sent'];
  readonly said: Simulator['said'];
  readonly webhooks: Simulator['webhooks'];
  /** What is still to go wrong. */
  readonly faults: Simulator['faults'];
  /** Webhooks go there from now on. */
  aim(target: string | null): void;
  /** Ends every connection and everything that waits. */
  close(): Promise<void>;
}

/** A platform of one's own: the Cloud API, its webhooks and the people behind it. */
export async function startWhatsAppSimulator(
  settings: Partial<SimulatorSettings> = {},
): Promise<WhatsAppSimulator> {
  const clock = systemClock;
  const all: SimulatorSettings = {
    ...DEFAULTS,
    clock,
    random: systemRandom,
    secrets: systemSecrets,
    ...settings,
  };
  const simulator = new Simulator(all);
  const server = createServer((request, response) => {
    serve(simulator, request, response).catch((error: unknown) => {
      if (response.headersSent || response.destroyed) return response.destroy();
      write(response, { status: 500, body: { error: { message: String(error), code: 1 } } });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(all.port, all.host, resolve);
  });
  const url = `http://${all.host}:${(server.address() as AddressInfo).port}`;
  return {
    url,
    graphUrl: `${url}/v24.0`,
    settings: all,
    sent: simulator.sent,
    said: simulator.said,
    files: simulator.files,
    webhooks: simulator.webhooks,
    faults: simulator.faults,
    unreachable: simulator.unreachable,
    say: (...args) => simulator.say(...args),
    tell: (...args) => simulator.tell(...args),
    tellTemplate: (...args) => simulator.tellTemplate(...args),
    deliver: (...args) => simulator.deliver(...args),
    fail: (fault: FaultInput) => simulator.fail(fault),
    verify: (...args) => simulator.verify(...args),
    onSent: (hear) => simulator.onSent(hear),
    aim(target) {
      simulator.webhooks.target = target;
    },
    async close() {
      simulator.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function serve(
  simulator: Simulator,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', `http://${request.headers.host ?? 'localhost'}`);
  const path = url.pathname.split('/').filter((part) => part !== '');
  const body = await readBody(request);
  if (body === null) return write(response, refusal(413, 131053, 'Too large'));
  if (path.length === 0) return writePage(response, statusPage(simulator));
  if (path[0] === 'control') return control(simulator, path[1] ?? '', body, request, response);
  if (!/^v\d/.test(path[0] ?? '')) return write(response, refusal(404, 2500, 'Say the version first.'));
  await call(
    simulator,
    {
      method: request.method ?? 'GET',
      path: path.slice(1),
      query: url.searchParams,
      headers: request.headers,
      body,
      origin: url.origin,
    },
    response,
  );
}

/** One call of the API, with what is to go wrong with it. */
async function call(simulator: Simulator, request: Request, response: ServerResponse): Promise<void> {
  const { clock, delay_ms } = simulator.settings;
  const name = callOf(request);
  const fault = name === null ? null : simulator.faults.take(name);
  const ms = delay_ms + (fault?.kind === 'slow' ? fault.ms : 0);
  if (ms > 0) await new Promise<void>((resume) => void clock.after(ms, resume));
  switch (fault?.kind) {
    case 'cut':
      response.socket?.destroy();
      return;
    case 'error': {
      const headers = fault.retry_after === null ? {} : { 'retry-after': fault.retry_after };
      return write(response, refusal(fault.status, fault.code, fault.message, fault.details, headers));
    }
    case 'page':
      return write(response, { status: fault.status, body: Buffer.from('<h1>Bad gateway</h1>') });
    default:
  }
  const fails = fault?.kind === 'failed_status' ? fault.code : null;
  const answer = answered(request, {
    settings: simulator.settings,
    files: simulator.files,
    sent: (message) => simulator.take(message, fails),
    read: (id) => simulator.markRead(id),
    mayStillSend: () => simulator.mayStillSend(),
  });
  if (fault?.kind === 'cut_after') response.socket?.destroy();
  else if (fault?.kind === 'strange') write(response, { status: 200, body: { thanks: true } });
  else write(response, answer);
}

function answered(request: Request, effects: Effects): Answer {
  try {
    return answerCall(request, effects);
  } catch (error) {
    if (error instanceof Refused) return error.answer;
    throw error;
  }
}

async function control(
  simulator: Simulator,
  name: string,
  body: Buffer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (name === 'state' && request.method === 'GET')
    return write(response, { status: 200, body: stateOf(simulator) });
  const run = Object.hasOwn(controls, name) ? controls[name] : undefined;
  if (!run || request.method !== 'POST') {
    return write(response, {
      status: 404,
      body: { error: `POST one of ${Object.keys(controls).join(', ')}.` },
    });
  }
  try {
    const input: unknown = body.length === 0 ? undefined : JSON.parse(body.toString('utf8'));
    write(response, { status: 200, body: { ...((await run(simulator, input)) as object) } });
  } catch (error) {
    write(response, { status: 422, body: { error: error instanceof Error ? error.message : String(error) } });
  }
}

/** Null for a body larger than any. */
async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += (chunk as Buffer).length;
    if (length <= BODY_MAX_BYTES) chunks.push(chunk as Buffer);
  }
  return length > BODY_MAX_BYTES ? null : Buffer.concat(chunks);
}

function write(response: ServerResponse, { status, headers = {}, body }: Answer): void {
  const isBytes = Buffer.isBuffer(body);
  const bytes = isBytes ? body : Buffer.from(JSON.stringify(body));
  const type = isBytes ? 'application/octet-stream' : 'application/json';
  response.writeHead(status, { 'content-type': type, 'content-length': bytes.length, ...headers });
  response.end(bytes);
}

function writePage(response: ServerResponse, page: string): void {
  const policy = "default-src 'none'; style-src 'unsafe-inline'";
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy });
  response.end(page);
}
