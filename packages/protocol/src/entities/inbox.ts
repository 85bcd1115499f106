import { z } from 'zod';

/** An address that things arrive at. For mail: an address, a domain, or a domain pattern such as `*.test`. */
export const inboxRow = z.object({
  id: z.string(),
  version: z.int(),
  kind: z.enum(['mail']),
  address: z.string(),
});
export type InboxRow = z.infer<typeof inboxRow>;
