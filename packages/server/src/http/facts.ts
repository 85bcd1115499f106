import { z } from 'zod';
import type { Counts, HttpSettings } from './needs.ts';
import { type Route, route } from './route.ts';

const serverFacts = z.object({
  name: z.string(),
  version: z.string(),
  sockets: z.boolean().describe('Whether browsers may open sockets; without, they poll.'),
  mail_domains: z.array(z.string()).describe('Domains whose mail is taken.'),
  smtp_port: z.int(),
});

/** What anybody may know of this server, and what it has counted. */
export function factRoutes(counts: Counts, settings: HttpSettings): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/v1/server',
      tag: 'Server',
      summary: 'What this server is',
      may: 'anyone',
      answers: { 200: serverFacts },
      errors: [],
      handle: () => ({
        name: 'Roost',
        version: settings.version,
        sockets: settings.sockets,
        mail_domains: settings.mailDomains,
        smtp_port: settings.smtpPort(),
      }),
    }),

    route({
      method: 'GET',
      path: '/metrics',
      tag: 'Server',
      summary: 'Figures, as Prometheus reads them',
      may: 'anyone',
      answers: { 200: { type: 'text/plain' } },
      errors: [],
      rate: 'unlimited',
      async handle({ reply }) {
        return reply
          .type(counts.contentType)
          .header('cache-control', 'no-store')
          .send(await counts.text());
      },
    }),
  ];
}
