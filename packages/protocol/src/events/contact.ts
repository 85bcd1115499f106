import { z } from 'zod';
import { timestamp } from './about.ts';

/** Contacts. */
export const contactEvents = {
  /** What is known of a contact has changed, or they are new. */
  'contact:updated': z.object({
    contactId: z.string(),
    /** Null where nobody knows it. */
    contactName: z.string().nullable(),
    /** The first of their numbers, E.164. */
    phoneNumber: z.string().nullable(),
    phoneNumbers: z.array(z.string()),
    emails: z.array(z.string()),
    externalIds: z.array(z.string()),
    fields: z.record(z.string(), z.string()),
    isNew: z.boolean(),
    timestamp,
  }),
} as const;
