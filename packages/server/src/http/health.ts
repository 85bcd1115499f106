import { z } from 'zod';
import type { Part, PartState } from './needs.ts';
import { type Route, route } from './route.ts';

/** A part that needs longer counts as failed. */
const CHECK_MAX_MS = 1_000;

const readiness = z.object({
  status: z.enum(['ok', 'degraded', 'failed', 'draining']),
  parts: z.record(z.string(), z.object({ state: z.enum(['ok', 'degraded', 'failed']), says: z.string() })),
});

/**
 * `/healthz`: the process answers. `/readyz`: it can do its work, with words about each part; 503 sends traffic
 * elsewhere, which is also how a stopping server empties.
 */
export function healthRoutes(parts: readonly Part[], isDraining: () => boolean): Route[] {
  return [
    route({
      method: 'GET',
      path: '/healthz',
      tag: 'Server',
      summary: 'Whether the process answers',
      may: 'anyone',
      answers: { 200: z.object({ status: z.literal('ok') }) },
      errors: [],
      rate: 'unlimited',
      handle({ reply }) {
        reply.header('cache-control', 'no-store');
        return { status: 'ok' };
      },
    }),

    route({
      method: 'GET',
      path: '/readyz',
      tag: 'Server',
      summary: 'Whether the server can do its work',
      description: 'With words about each part it stands on.',
      may: 'anyone',
      answers: { 200: readiness, 503: readiness },
      errors: [],
      rate: 'unlimited',
      async handle({ reply }) {
        const states = await Promise.all(
          parts.map(async (part) => [part.name, await checked(part)] as const),
        );
        const isReady = !isDraining() && states.every(([, { state }]) => state !== 'failed');
        const isWhole = states.every(([, { state }]) => state === 'ok');
        reply.code(isReady ? 200 : 503).header('cache-control', 'no-store');
        if (isDraining()) return { status: 'draining', parts: Object.fromEntries(states) };
        return {
          status: isReady ? (isWhole ? 'ok' : 'degraded') : 'failed',
          parts: Object.fromEntries(states),
        };
      },
    }),
  ];
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
