import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** A program that takes webhooks, on a port of this machine. */
export class Receiver {
  readonly received: Received[] = [];
  /** What the next request is answered; a promise that is kept waits. */
  answer: (request: Received) => Answer | Promise<Answer> = () => ({ status: 204 });

  private constructor(private readonly server: Server) {}

  static async open(): Promise<Receiver> {
    const server = createServer();
    const receiver = new Receiver(server);
    server.on('request', async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      const received = { headers: request.headers, body: Buffer.concat(parts).toString('utf8') };
      receiver.received.push(received);
      const { status, headers, body } = await receiver.answer(received);
      response.writeHead(status, { ...headers }).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hook`;
  }

  get bodies(): {
    readonly id: string;
    readonly event: string;
    readonly offset: number;
    readonly data: Record<string, unknown>;
  }[] {
    return this.received.map(({ body }) => JSON.parse(body));
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** As the receivers' libraries do it. @throws what is wrong, as a receiver would say it */
export function verify(secret: string, { headers, body }: Received, now: number): void {
  const [id, timestamp, signatures] = ['id', 'timestamp', 'signature'].map(
    (name) => headers[`webhook-${name}`],
  );
  if (Math.abs(now / 1_000 - Number(timestamp)) > 5 * 60)
    throw new Error('The message is too old or too new.');
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const wanted = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest();
  const isKnown = String(signatures)
    .split(' ')
    .map((signature) => signature.split(','))
    .some(([version, mac = '']) => {
      const given = Buffer.from(mac, 'base64');
      return version === 'v1' && given.length === wanted.length && timingSafeEqual(given, wanted);
    });
  if (!isKnown) throw new Error('No signature matches.');
}
