import { z } from 'zod';
import { TEXT_MAX_CHARS } from './limits.ts';

/** What somebody wrote, before it is a message. */
export const draftMessage = z.object({
  /** `note` is for colleagues only and goes nowhere. */
  kind: z.enum(['reply', 'note']).default('reply'),
  text: z.string().max(TEXT_MAX_CHARS).default(''),
  /** Message that this one answers. */
  reply_to: z.string().max(64).nullish(),
  /** A message approved beforehand, where the channel knows such. */
  template: z
    .object({
      name: z.string().min(1).max(512),
      language: z.string().min(1).max(20),
      parameters: z.array(z.string().max(1024)).max(50).default([]),
    })
    .nullish(),
  /** Files that were uploaded before, by the ids that the uploads answered with. */
  uploads: z.array(z.string().max(64)).max(10).default([]),
  /**
   * The conversation's `answer_offset` as the author saw it. A reply is refused with `conversation.moved` when
   * something came to the contact, or from them, since (rule O1). Notes need none.
   */
  based_on: z.int().min(0).nullish(),
  /** Sends whatever came meanwhile. */
  override: z.boolean().default(false),
});
export type DraftMessage = z.infer<typeof draftMessage>;
/** As a client may write it. */
export type DraftMessageInput = z.input<typeof draftMessage>;
