import type { FastifyInstance } from 'fastify';
import type { Origins } from './needs.ts';

/** Seconds a browser may remember that it may. */
const PREFLIGHT_MAX_AGE = 600;
const METHODS = 'GET, POST, PUT, PATCH, DELETE';
const HEADERS = 'Authorization, Content-Type, Idempotency-Key, If-None-Match, X-Roost-Rcpt';
const EXPOSED = 'ETag, Retry-After, Content-Disposition, RateLimit-Policy, RateLimit';

/** Lets pages of the named other origins use the API (Fetch standard, CORS). Everybody else gets no word of it. */
export function allowOtherOrigins(app: FastifyInstance, origins: Origins) {
  const isOurs = (url: string) => url.startsWith('/api/v1/');

  app.addHook('onRequest', (request, reply, done) => {
    const { origin } = request.headers;
    if (origin === undefined || !isOurs(request.url) || !origins.isAllowedElsewhere(origin)) return done();
    reply
      .header('access-control-allow-origin', origin)
      .header('access-control-allow-credentials', 'true')
      .header('access-control-expose-headers', EXPOSED);
    if (request.method !== 'OPTIONS') return done();
    reply
      .code(204)
      .header('access-control-allow-methods', METHODS)
      .header('access-control-allow-headers', HEADERS)
      .header('access-control-max-age', PREFLIGHT_MAX_AGE)
      .header('vary', 'Origin')
      .send();
  });

  app.addHook('onSend', (request, reply, _payload, done) => {
    if (request.headers.origin !== undefined) {
      const vary = reply.getHeader('vary');
      if (vary !== 'Origin') reply.header('vary', vary ? `${String(vary)}, Origin` : 'Origin');
    }
    done();
  });
}
