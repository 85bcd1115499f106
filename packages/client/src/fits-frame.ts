import { limits } from '@roost/protocol';
import type { Letter } from './outbox.ts';

/** What else a frame holds besides the text is smaller than this. */
const FRAME_REST_BYTES = 4_096;
const ID_MAX_CHARS = 64;

/**
 * A frame that the server cannot read ends the connection, while a request is only refused: what is not plainly right
 * goes by request, and the answer says what is wrong with it.
 */
export function fitsFrame({ conversationId, draft }: Letter): boolean {
  const { text = '', template, uploads, reply_to, based_on, kind = 'reply' } = draft;
  return (
    conversationId.length <= ID_MAX_CHARS &&
    (kind === 'reply' || kind === 'note') &&
    typeof text === 'string' &&
    text.length <= limits.TEXT_MAX_CHARS &&
    new TextEncoder().encode(JSON.stringify(text)).length <= limits.FRAME_MAX_BYTES - FRAME_REST_BYTES &&
    !template &&
    !uploads?.length &&
    (reply_to?.length ?? 0) <= ID_MAX_CHARS &&
    (based_on == null || (Number.isSafeInteger(based_on) && based_on >= 0))
  );
}
