import { z } from 'zod';
import { draftMessage } from '../send.ts';

/** Sends a message in a conversation. `id` is the client's own for it: the same again is sent once. Answered by `ack`. */
export const send = draftMessage.extend({
  type: z.literal('send'),
  id: z.string().min(1).max(64),
  conversation_id: z.string().min(1).max(64),
});
