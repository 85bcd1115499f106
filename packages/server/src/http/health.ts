import type { FastifyInstance } from 'fastify';
import type { Part, PartState } from './needs.ts';

/** A part that needs longer counts as failed. */
const CHECK_MAX_MS = 1_000;

/**
 * `/healthz`: the process answers. `/readyz`: it can do its work, with words about each part; 503 sends traffic
 * elsewhere, which is also how a stopping server empties.
 */
export function healthRoutes(app: FastifyInstance, parts: readonly Part[], isDraining: () => boolean) {
  app.get('/healthz', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    return { status: 'ok' };
  });

  app.get('/readyz', async (_request, reply) => {
    const states = await Promise.all(parts.map(async (part) => [part.name, await checked(part)] as const));
    const isReady = !isDraining() && states.every(([, { state }]) => state !== 'failed');
    const isWhole = states.every(([, { state }]) => state === 'ok');
    reply.code(isReady ? 200 : 503).header('cache-control', 'no-store');
    if (isDraining()) return { status: 'draining', parts: Object.fromEntries(states) };
    return {
      status: isReady ? (isWhole ? 'ok' : 'degraded') : 'failed',
      parts: Object.fromEntries(states),
    };
  });
}

async function checked(part: Part): Promise<PartState> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<PartState>((resolve) => {
    timer = setTimeout(
      () => resolve({ state: 'failed', says: `No answer within ${CHECK_MAX_MS} ms.` }),
      CHECK_MAX_MS,
    );
  });
  try {
    return await Promise.race([part.check(), late]);
  } catch (error) {
    return { state: 'failed', says: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}
