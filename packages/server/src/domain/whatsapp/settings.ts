import { z } from 'zod';

/** What a WhatsApp inbox keeps in its settings. Nobody reads it back. */
export const whatsappSettings = z.object({
  /** Access token for the Cloud API. */
  token: z.string().min(1).max(4_096),
  /** Signs the webhooks of the app that the number belongs to. */
  app_secret: z.string().min(1).max(1_024),
  /** What the platform says when it asks whether the webhook is ours. */
  verify_token: z.string().min(1).max(1_024).nullish(),
  /** Id of the business account, for templates and news of it. */
  account_id: z
    .string()
    .regex(/^\d{1,64}$/)
    .nullish(),
});
export type WhatsAppSettings = z.infer<typeof whatsappSettings>;
