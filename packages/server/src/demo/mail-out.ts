import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** Stands for the mail servers of the customers: takes every answer and keeps none. */
export async function startMailOut(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData(stream, _session, done) {
      stream.on('end', () => done());
      stream.resume();
    },
  });
  // A connection that breaks is the sender's matter, which tries again.
  server.on('error', () => {});
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
