import { documentRoutes } from './documents/routes.ts';
import { factRoutes } from './facts.ts';
import { healthRoutes } from './health.ts';
import { inboxRoutes } from './inbox.ts';
import { ingestRoutes } from './ingest.ts';
import { meRoutes } from './me.ts';
import { messageRoutes } from './messages.ts';
import type { HttpNeeds, HttpSettings } from './needs.ts';
import type { Route } from './route.ts';
import { sessionRoutes } from './sessions.ts';

/** Every route there is: what is served, documented and held against the table of who may. */
export function routesOf(
  needs: HttpNeeds,
  settings: HttpSettings,
  isDraining: () => boolean,
): readonly Route[] {
  const routes: readonly Route[] = [
    ...sessionRoutes(needs, settings.isHttpsOutside),
    ...meRoutes(needs),
    ...inboxRoutes(needs),
    ...messageRoutes(needs),
    ...ingestRoutes(needs, settings.mailMaxBytes),
    ...factRoutes(needs.counts, settings),
    ...healthRoutes(needs.parts, isDraining),
    ...documentRoutes(() => routes, settings.version),
  ];
  return routes;
}
