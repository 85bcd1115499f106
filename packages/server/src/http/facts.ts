import type { FastifyInstance } from 'fastify';
import type { Counts, HttpSettings } from './needs.ts';

/** What anybody may know of this server, and what it has counted. */
export function factRoutes(app: FastifyInstance, counts: Counts, settings: HttpSettings) {
  app.get('/api/v1/server', async () => ({
    name: 'Roost',
    version: settings.version,
    sockets: settings.sockets,
    mail_domains: settings.mailDomains,
    smtp_port: settings.smtpPort(),
  }));

  app.get('/metrics', async (_request, reply) =>
    reply
      .type(counts.contentType)
      .header('cache-control', 'no-store')
      .send(await counts.text()),
  );
}
