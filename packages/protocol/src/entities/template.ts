import { z } from 'zod';

/** A message template of a WhatsApp inbox, as the platform has it. */
export const templateRow = z.object({
  id: z.string(),
  version: z.int(),
  inbox_id: z.string(),
  name: z.string(),
  /** As the platform writes it, such as `en_US`. */
  language: z.string(),
  /** Upper case, such as `UTILITY`. */
  category: z.string(),
  /** Upper case; only `APPROVED` ones can be sent. */
  status: z.string(),
  /** Text with its places: `Hello {{1}}`. */
  body: z.string(),
  header: z.string(),
  footer: z.string(),
  /** How many values the text asks for. */
  parameter_count: z.int(),
});
export type TemplateRow = z.infer<typeof templateRow>;
