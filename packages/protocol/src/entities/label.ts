import { z } from 'zod';

/** A label that conversations may carry. `id` is its name, lower case. */
export const labelRow = z.object({
  id: z.string(),
  version: z.int(),
  name: z.string(),
  /** `#rrggbb` */
  color: z.string(),
});
export type LabelRow = z.infer<typeof labelRow>;
