import { addWebhook, removeWebhook, rotateWebhookSecret, updateWebhook } from './commands.ts';
import { listDeliveries, listWebhooks, readWebhook, redeliver, trimDeliveries } from './deliveries.ts';
import { noteDeliveries, upcomingDeliveries, webhooksBehind } from './follow.ts';
import { claimDeliveries, dueDeliveries, settleDelivery } from './send.ts';

export { type Delivery, deliveryState } from './deliveries.ts';
export type { ClaimedDelivery, DeliveryOutcome, DueDelivery } from './send.ts';
export { type Webhook, webhookFields } from './webhook.ts';

export const webhookCommands = {
  addWebhook,
  updateWebhook,
  rotateWebhookSecret,
  removeWebhook,
  redeliver,
  noteDeliveries,
  claimDeliveries,
  settleDelivery,
  trimDeliveries,
} as const;

export const webhookQueries = {
  listWebhooks,
  readWebhook,
  listDeliveries,
  webhooksBehind,
  upcomingDeliveries,
  dueDeliveries,
} as const;
