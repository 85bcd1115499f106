/** Everything that waits or grows has its bound here, with its unit. */

// A connection
export const HELLO_DEADLINE_MS = 5_000;
export const HEARTBEAT_MS = 25_000;
/** A peer silent for longer is gone: two heartbeats and the time a slow network may hold one. */
export const SILENCE_MS = 2 * HEARTBEAT_MS + 5_000;
/** A connection's token is looked at again at least so often, besides when it runs out. */
export const TOKEN_RECHECK_MS = 5 * 60_000;
export const FRAME_MAX_BYTES = 64 * 1024;
export const SUBSCRIPTIONS_MAX = 100;
/** Frames a client may send: a burst, then a steady rate. */
export const FRAMES_BURST = 120;
export const FRAMES_PER_SECOND = 40;
/** Past this the server stops queueing for a reader and keeps only its position. */
export const SEND_QUEUE_HIGH_BYTES = 1 << 20;
/** Catching up by deltas costs more than a fresh snapshot past this many log entries. */
export const CATCH_UP_MAX_ENTRIES = 2_000;

// Lists
export const PAGE_DEFAULT_ROWS = 50;
export const PAGE_MAX_ROWS = 200;
export const FILTER_MAX_CHARS = 320;

// Messages
/** What one message may say: the most that any channel takes, with room. */
export const TEXT_MAX_CHARS = 20_000;
/** WhatsApp's own bound. */
export const WHATSAPP_TEXT_MAX_CHARS = 4_096;
/** Conversations on the channel `unread`; whoever has more is told that there are more. */
export const UNREAD_MAX_ROWS = 500;

// Ephemera
export const TYPING_LIFETIME_MS = 6_000;
export const PRESENCE_LIFETIME_MS = 2 * HEARTBEAT_MS;

// Drain
export const DRAIN_SPREAD_MS = 5_000;
export const DRAIN_DEADLINE_MS = 10_000;
