import type { Clock, Random } from './clock.ts';
import type { Config } from './config.ts';
import { Webhooks } from './jobs/index.ts';
import type { WebhookNeeds } from './jobs/webhook-needs.ts';
import { AddressRule } from './outbound/guard/index.ts';
import { post, signedHeaders } from './outbound/webhooks/index.ts';
import { VERSION } from './version.ts';

/** What sends events to other programs: the job that follows the log, over the request that it makes. */
export function openWebhooks(
  { webhookAllowPrivate }: Pick<Config, 'webhookAllowPrivate'>,
  { bus, log }: Pick<WebhookNeeds, 'bus' | 'log'>,
  clock: Clock,
  random: Random,
): Webhooks {
  const rule = new AddressRule(webhookAllowPrivate);
  const send: WebhookNeeds['send'] = ({ url, secret, id, body }, signal) => {
    const seconds = Math.floor(clock.now() / 1_000);
    const headers = { ...signedHeaders(secret, id, seconds, body), 'user-agent': `Roost/${VERSION}` };
    return post(rule, { url, headers, body, signal });
  };
  return new Webhooks({ bus, log, send }, clock, random);
}
