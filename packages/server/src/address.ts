import { isIPv6, type Server } from 'node:net';

/** How to reach what listens on `host`, from this machine. */
export function addressOf(scheme: 'http' | 'smtp', host: string, port: number): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? 'localhost' : host;
  return `${scheme}://${isIPv6(reachable) ? `[${reachable}]` : reachable}:${port}`;
}

/** The port a server really listens on, which is not the one asked for when that was 0. */
export function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server does not listen.');
  return address.port;
}
