import { createClient } from 'redis';
import { z } from 'zod';
import type { Fanout, Hint } from './fanout.ts';

const CONNECT_TIMEOUT_MS = 2_000;
/** Tried again after at most so long; until then the nodes look at the heads. */
const RECONNECT_MAX_MS = 2_000;
/** An idle connection that a middle box forgot is noticed within this. */
const PING_INTERVAL_MS = 10_000;
/** A Redis that stands still answers no ping either; the connection is then given up and made anew. */
const SILENCE_MS = 3 * PING_INTERVAL_MS;
/** Hints on their way without an answer; more are dropped. */
const UNANSWERED_MAX_COUNT = 10_000;
const CLOSE_DEADLINE_MS = 1_000;

const hint = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('log'), org: z.string(), offset: z.int() }),
  z.object({ kind: z.literal('revoked'), org: z.string() }),
  z.object({
    kind: z.literal('ephemeral'),
    org: z.string(),
    signal: z.discriminatedUnion('kind', [
      z.object({
        kind: z.literal('presence'),
        user_id: z.string(),
        node: z.string(),
        state: z.enum(['online', 'away', 'offline']),
        scope: z.string().nullable(),
      }),
      z.object({ kind: z.literal('typing'), user_id: z.string(), scope: z.string() }),
    ]),
  }),
]);
const envelope = z.object({ from: z.string(), hint });

/**
 * Hints over Redis. Starts at once and connects by itself, also when Redis comes later or goes away in between.
 *
 * @param channel  shared by the nodes of one store and by nobody else
 * @param node  this node's own name, so that it does not hear itself
 * @param onTrouble  hears once of each change between reachable and not, in words
 */
export function redisFanout(
  url: string,
  channel: string,
  node: string,
  onTrouble: (says: string) => void,
): Fanout {
  const open = () =>
    createClient({
      url,
      // A command without a connection fails at once instead of piling up: hints are worthless later.
      disableOfflineQueue: true,
      pingInterval: PING_INTERVAL_MS,
      commandsQueueMaxLength: UNANSWERED_MAX_COUNT,
      socket: {
        connectTimeout: CONNECT_TIMEOUT_MS,
        socketTimeout: SILENCE_MS,
        reconnectStrategy: (attempt: number) => Math.min(RECONNECT_MAX_MS, 50 * 2 ** attempt),
      },
    });
  const publisher = open();
  const subscriber = open();
  let handler: (hint: Hint) => void = () => {};
  let isSubscribed = false;
  let isAway = false;
  let isClosed = false;
  const isHealthy = () => publisher.isReady && subscriber.isReady && isSubscribed;
  const lost = () => {
    if (isClosed || isAway) return;
    isAway = true;
    onTrouble('Redis does not answer; changes of other nodes are found by looking at the log.');
  };
  const found = () => {
    if (!isAway || !isHealthy()) return;
    isAway = false;
    onTrouble('Redis answers again.');
  };

  for (const client of [publisher, subscriber]) {
    client.on('error', lost);
    client.on('ready', found);
    // Retries go on inside; the first attempt's failure is no reason to stop.
    client.connect().catch(lost);
  }
  // Waits for the first connection by itself, and is renewed with each later one.
  subscriber.once('ready', () => {
    subscriber
      .subscribe(channel, (text) => {
        const read = envelope.safeParse(parsed(text));
        if (read.success && read.data.from !== node) handler(read.data.hint);
      })
      .then(() => {
        isSubscribed = true;
        found();
      }, lost);
  });

  return {
    publish(sent) {
      if (!publisher.isReady) return;
      publisher.publish(channel, JSON.stringify({ from: node, hint: sent })).catch(lost);
    },
    onHint(heard) {
      handler = heard;
    },
    isHealthy,
    async close() {
      isClosed = true;
      const closing = Promise.allSettled([publisher, subscriber].map((client) => client.close()));
      let timer: NodeJS.Timeout | undefined;
      const deadline = new Promise((resolve) => {
        timer = setTimeout(resolve, CLOSE_DEADLINE_MS);
      });
      await Promise.race([closing, deadline]);
      clearTimeout(timer);
      for (const client of [publisher, subscriber]) if (client.isOpen) client.destroy();
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
