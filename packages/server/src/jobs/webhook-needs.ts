import type { CommandBus } from '../commands/index.ts';

/** One signed request to a receiver. Ends soon after the signal; never rejects. */
export type SendWebhook = (
  delivery: { readonly url: string; readonly secret: string; readonly id: string; readonly body: string },
  signal: AbortSignal,
) => Promise<WebhookAnswer>;

export type WebhookAnswer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly retryAfter: string | null;
      readonly says: string;
    }
  | { readonly kind: 'unanswered'; readonly says: string };

/** All that webhooks ask of the outside. */
export interface WebhookNeeds {
  readonly bus: Pick<CommandBus, 'execute' | 'query'>;
  readonly send: SendWebhook;
  readonly log: {
    warn(about: object, says: string): void;
    error(about: object, says: string): void;
  };
}
