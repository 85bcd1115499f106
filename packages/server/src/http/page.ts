import { existsSync } from 'node:fs';
import { join } from 'node:path';
import helmet from '@fastify/helmet';
import serveFolder from '@fastify/static';
import { Failure } from '@roost/protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Files named after their content never change. */
const FOREVER = 'public, max-age=31536000, immutable';
const ASSETS = /[/\\]assets[/\\]/;

const POLICY = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'self'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:', 'blob:'],
    // Voice messages and videos are fetched with a token, and played from memory.
    mediaSrc: ["'self'", 'blob:'],
    // The frame of a mail is a document of the page itself, which this does not name.
    frameSrc: ["'self'"],
    connectSrc: ["'self'", 'ws:', 'wss:'],
    objectSrc: ["'none'"],
    baseUri: ["'self'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  },
};

/** The web page: its files, and its first one for every address inside it. */
export async function servePage(app: FastifyInstance, webRoot: string | null, isHttpsOutside: boolean) {
  const isBuilt = webRoot !== null && existsSync(join(webRoot, 'index.html'));
  await app.register(async (pages) => {
    await pages.register(helmet, {
      contentSecurityPolicy: POLICY,
      // Over plain HTTP it would lock people out of a server that has no certificate.
      strictTransportSecurity: isHttpsOutside ? { maxAge: 15_552_000 } : false,
      xFrameOptions: { action: 'deny' },
      referrerPolicy: { policy: 'no-referrer' },
    });
    if (isBuilt) {
      await pages.register(serveFolder, {
        root: webRoot,
        cacheControl: false,
        setHeaders: (reply, path) => {
          reply.setHeader('cache-control', ASSETS.test(path) ? FOREVER : 'no-cache');
        },
      });
    } else {
      pages.get('/', (_request, reply) =>
        reply
          .type('text/plain; charset=utf-8')
          .send('Roost is running, but its web page was not built: run “npm run build”.\n'),
      );
    }
    pages.setNotFoundHandler(async (request, reply) => {
      if (isBuilt && opensPage(request)) return reply.sendFile('index.html');
      throw new Failure('route.unknown');
    });
  });
}

/** Somebody opens an address of the page; a script that asks for a file that is gone must not get HTML. */
function opensPage(request: FastifyRequest): boolean {
  const { method, url, headers } = request;
  return (
    (method === 'GET' || method === 'HEAD') &&
    !url.startsWith('/api/') &&
    (headers.accept ?? '').includes('text/html')
  );
}
