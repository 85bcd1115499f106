import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** The network between browser and server, with faults as verbs. */
export interface Network {
  readonly url: string;
  /** Ends every connection, and refuses new ones until {@link heal}. */
  cut(): void;
  /** Bytes vanish in both directions; connections stay open. */
  freeze(): void;
  /** Lets plain HTTP through and ends whatever asks for a WebSocket. */
  blockSockets(): void;
  heal(): void;
  /** WebSocket upgrades that got through since the last {@link heal}. */
  upgrades(): number;
  close(): Promise<void>;
}

export async function networkTo(port: number): Promise<Network> {
  let state: 'healthy' | 'cut' | 'frozen' | 'no-sockets' = 'healthy';
  let upgradeCount = 0;
  const pairs = new Set<{ near: Socket; far: Socket; isUpgraded: boolean }>();
  const endAll = (isMeant: (pair: { isUpgraded: boolean }) => boolean) => {
    for (const pair of pairs) {
      if (!isMeant(pair)) continue;
      pair.near.destroy();
      pair.far.destroy();
    }
  };

  const server = createServer((near) => {
    if (state === 'cut') {
      near.destroy();
      return;
    }
    const far = connect(port, '127.0.0.1');
    const pair = { near, far, isUpgraded: false };
    pairs.add(pair);
    near.on('data', (chunk: Buffer) => {
      if (state === 'frozen') return;
      if (/^upgrade:\s*websocket/im.test(chunk.toString('latin1'))) {
        if (state === 'no-sockets') {
          near.destroy();
          return;
        }
        pair.isUpgraded = true;
        upgradeCount += 1;
      }
      far.write(chunk);
    });
    far.on('data', (chunk: Buffer) => {
      if (state !== 'frozen') near.write(chunk);
    });
    const end = () => {
      pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    for (const side of [near, far]) {
      side.on('error', end);
      side.on('close', end);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port');

  return {
    url: `http://127.0.0.1:${address.port}`,
    cut() {
      state = 'cut';
      endAll(() => true);
    },
    freeze() {
      state = 'frozen';
    },
    blockSockets() {
      state = 'no-sockets';
      endAll(({ isUpgraded }) => isUpgraded);
    },
    heal() {
      // What was half-open is broken for good: the lost bytes do not come back.
      if (state === 'frozen') endAll(() => true);
      state = 'healthy';
      upgradeCount = 0;
    },
    upgrades: () => upgradeCount,
    async close() {
      endAll(() => true);
      server.close();
      await once(server, 'close');
    },
  };
}
