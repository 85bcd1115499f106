import { z } from 'zod';

/** ISO 8601 in UTC. */
export const timestamp = z.string();

/** Whose conversation it is. All null for a direct one, and where the inbox keeps no conversations. */
export const aboutContact = {
  contactId: z.string().nullable(),
  /** Null where nobody knows it. */
  contactName: z.string().nullable(),
  /** E.164, where the contact writes from a phone; null otherwise. */
  phoneNumber: z.string().nullable(),
  /** Where answers go: a mail address, a phone number in E.164, or a host application's id. */
  address: z.string().nullable(),
};

/** Which conversation. */
export const aboutConversation = {
  conversationId: z.string(),
  /** Null for a direct conversation. */
  inboxId: z.string().nullable(),
  ...aboutContact,
};
