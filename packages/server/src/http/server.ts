import type { Socket } from 'node:net';
import { Failure, failures } from '@roost/protocol';
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyServerOptions,
  LogController,
} from 'fastify';
import { allowOtherOrigins } from './cors.ts';
import type { HttpNeeds, HttpSettings } from './needs.ts';
import { servePage } from './page.ts';
import { failureOf, problemOf, sendProblem } from './problem.ts';
import { RateLimits } from './rate-limit.ts';
import type { Route } from './route.ts';
import { routesOf } from './routes.ts';
import { serveRoutes } from './serve-routes.ts';

const BODY_MAX_BYTES = 64 * 1024;
/** A connection may wait this long for its next request: longer than common proxies keep theirs. */
const KEEP_ALIVE_MS = 72_000;
/** A request must have arrived whole by then, or it only holds a place. */
const REQUEST_MAX_MS = 120_000;
const PARAM_MAX_CHARS = 200;

const API_POLICY = "default-src 'none'; frame-ancestors 'none'";

/** The REST edge, ready to listen. After `drain()` it still answers, but says that it is going. */
export interface HttpEdge {
  readonly app: FastifyInstance;
  /** All that it answers under `/api` and about itself; documents and tests read it. */
  readonly routes: readonly Route[];
  drain(): void;
}

/** Every route of the server. */
export async function createHttp(
  needs: HttpNeeds,
  settings: HttpSettings,
  log: FastifyBaseLogger,
): Promise<HttpEdge> {
  let isDraining = false;
  const { counts } = needs;
  const options: FastifyServerOptions = {
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request_id' }),
    genReqId: requestIds(),
    bodyLimit: BODY_MAX_BYTES,
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: REQUEST_MAX_MS,
    forceCloseConnections: 'idle',
    // While closing, what still arrives on an open connection is served, and the connection then ended.
    return503OnClosing: false,
    trustProxy: (_address, hop) => hop < settings.trustProxy,
    routerOptions: { maxParamLength: PARAM_MAX_CHARS },
    clientErrorHandler: refuseBrokenRequest,
    frameworkErrors: (error, request, reply) => {
      const failure = failureOf(error);
      counts.failed('http', failure.code);
      return sendProblem(reply, request, failure);
    },
  };
  const app: FastifyInstance = fastify(options);

  app.decorateRequest('caller', null);
  app.setErrorHandler((error, request, reply) => {
    const failure = failureOf(error);
    counts.failed('http', failure.code);
    if (failures[failure.code].http >= 500) {
      const how = failure.code === 'server.failed' && failure.cause !== undefined ? 'error' : 'warn';
      request.log[how]({ err: failure.cause, code: failure.code, route: routeOf(request) }, failure.message);
    }
    return sendProblem(reply, request, failure);
  });
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (!reply.hasHeader('x-content-type-options')) reply.header('x-content-type-options', 'nosniff');
    if (!reply.hasHeader('content-security-policy')) reply.header('content-security-policy', API_POLICY);
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    const ms = reply.elapsedTime;
    counts.answered(request.method, routeOf(request), reply.statusCode, ms);
    request.log.debug(
      { method: request.method, route: routeOf(request), status: reply.statusCode, ms },
      'answered',
    );
    done();
  });

  allowOtherOrigins(app, needs.origins);
  const routes = routesOf(needs, settings, () => isDraining);
  serveRoutes(app, needs.gate, new RateLimits(settings.rates, needs.clock), routes);
  await servePage(app, settings.webRoot, settings.isHttpsOutside);

  return {
    app,
    routes,
    drain() {
      isDraining = true;
    },
  };
}

/** The pattern, never the address itself: that may name people, and would make one figure for each. */
function routeOf(request: { routeOptions: { url?: string | undefined } }): string {
  return request.routeOptions.url ?? '(none)';
}

/** Short, in order, and told apart from those before a restart. */
function requestIds(): () => string {
  const start = Date.now().toString(36);
  let count = 0;
  return () => {
    count += 1;
    return `${start}-${count.toString(36)}`;
  };
}

/** What is not HTTP at all has no request to answer; the socket is told in one piece and closed. */
function refuseBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const failure = new Failure(error.code === 'HPE_HEADER_OVERFLOW' ? 'request.too_big' : 'request.malformed');
  const problem = problemOf(failure, null);
  const body = JSON.stringify(problem);
  socket.end(
    `HTTP/1.1 ${problem.status} Refused\r\nContent-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
