import { auditRoutes } from './audit.ts';
import { behaviourRoutes } from './behaviour.ts';
import { contactRoutes } from './contacts.ts';
import { conversationRoutes } from './conversations.ts';
import { deliveryHealthRoutes } from './delivery-health.ts';
import { documentRoutes } from './documents/routes.ts';
import { factRoutes } from './facts.ts';
import { healthRoutes } from './health.ts';
import { inboxRoutes } from './inbox.ts';
import { inboxesRoutes } from './inboxes.ts';
import { ingestRoutes } from './ingest.ts';
import { invitationRoutes } from './invitations.ts';
import { archiveRoutes, jobRoutes, retentionRoutes } from './jobs.ts';
import { mailRoutes } from './mail.ts';
import { mailboxRoutes } from './mailboxes.ts';
import { meRoutes } from './me.ts';
import { memberRoutes } from './members.ts';
import { messageRoutes } from './messages.ts';
import type { HttpNeeds, HttpSettings } from './needs.ts';
import { outgoingRoutes } from './outgoing.ts';
import { ownSessionRoutes } from './own-sessions.ts';
import { phraseRoutes } from './phrases.ts';
import { policyRoutes } from './policies.ts';
import { quarantineRoutes } from './quarantine.ts';
import type { Route } from './route.ts';
import { ruleTrialRoutes } from './rule-trial.ts';
import { ruleRoutes } from './rules.ts';
import { searchRoutes } from './search.ts';
import { sessionRoutes } from './sessions.ts';
import { tokenRoutes } from './tokens.ts';
import { uploadRoutes } from './uploads.ts';
import { visitorRoutes } from './visitors.ts';
import { webhookRoutes } from './webhooks.ts';
import { whatsappRoutes } from './whatsapp.ts';

/** Every route there is: what is served, documented and held against the table of who may. */
export function routesOf(
  needs: HttpNeeds,
  settings: HttpSettings,
  isDraining: () => boolean,
): readonly Route[] {
  const routes: readonly Route[] = [
    ...sessionRoutes(needs, settings.isHttpsOutside),
    ...meRoutes(needs),
    ...ownSessionRoutes(needs),
    ...tokenRoutes(needs),
    ...memberRoutes(needs),
    ...invitationRoutes(needs, settings.isHttpsOutside),
    ...auditRoutes(needs),
    ...inboxRoutes(needs),
    ...conversationRoutes(needs),
    ...contactRoutes(needs),
    ...inboxesRoutes(needs),
    ...behaviourRoutes(needs),
    ...phraseRoutes(needs),
    ...uploadRoutes(needs),
    ...visitorRoutes(needs),
    ...messageRoutes(needs),
    ...mailRoutes(needs),
    ...mailboxRoutes(needs),
    ...policyRoutes(needs),
    ...ruleRoutes(needs),
    ...ruleTrialRoutes(needs),
    ...quarantineRoutes(needs),
    ...deliveryHealthRoutes(needs),
    ...outgoingRoutes(needs),
    ...whatsappRoutes(needs),
    ...webhookRoutes(needs),
    ...searchRoutes(needs),
    ...ingestRoutes(needs, settings.mailMaxBytes),
    ...jobRoutes(needs),
    ...archiveRoutes(needs, settings.importMaxBytes),
    ...retentionRoutes(needs),
    ...factRoutes(needs.counts, settings),
    ...healthRoutes(needs.parts, isDraining),
    ...documentRoutes(() => routes, settings.version),
  ];
  return routes;
}
