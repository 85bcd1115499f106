import { createHmac } from 'node:crypto';
import type { Secrets } from '../../clock.ts';

const SECRET_BYTES = 32;
const PREFIX = 'whsec_';

export function newWebhookSecret(secrets: Secrets): string {
  return `${PREFIX}${secrets(SECRET_BYTES).toString('base64')}`;
}

/**
 * The headers by which a receiver knows that a delivery is ours, untouched and recent.
 *
 * @param seconds  since 1970, of this attempt
 * @see https://github.com/standard-webhooks/standard-webhooks
 */
export function signedHeaders(
  secret: string,
  id: string,
  seconds: number,
  body: string,
): Record<string, string> {
  const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
  const mac = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': String(seconds), 'webhook-signature': `v1,${mac}` };
}
