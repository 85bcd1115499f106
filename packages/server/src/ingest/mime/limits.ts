/** How much of one mail is read. What lies beyond stays in the source, which is kept whole. */

export const HEADERS_MAX = 500;
export const HEADER_VALUE_MAX_BYTES = 8 * 1024;
/** A line of the header block before its words are decoded, which makes them shorter. */
export const HEADER_RAW_MAX_BYTES = 6 * HEADER_VALUE_MAX_BYTES;
export const HEADER_BLOCK_MAX_LINES = 5_000;

/** Of text, and of HTML, after decoding. */
export const TEXT_MAX_BYTES = 512 * 1024;
/** Bytes of one text part that are decoded at all; four of them may be one byte of the result. */
export const TEXT_RAW_MAX_BYTES = 4 * TEXT_MAX_BYTES;

export const PARTS_MAX = 500;
export const PART_DEPTH_MAX = 50;
/** Of all headers that describe a part, and of one of them: what reads them takes time by the square of it. */
export const PART_HEAD_MAX_BYTES = 128 * 1024;
export const PART_HEADER_MAX_BYTES = 4 * 1024;
/** The largest mail in base64 has 350,000. One of more is built to cost time, not to be read. */
export const LINES_MAX = 500_000;

export const SNIPPET_MAX_CHARS = 200;
export const ADDRESS_MAX_CHARS = 998;
export const SUBJECT_MAX_CHARS = 998;
export const FILENAME_MAX_CHARS = 200;

/** One mail, from its bytes to what it says; past this there is what was read until then. */
export const PARSE_DEADLINE_MS = 20_000;
/** Past this the thread does not answer at all and is replaced. */
export const THREAD_DEADLINE_MS = 30_000;

/** A larger mail is read in a thread. */
export const PARSE_HERE_MAX_BYTES = 64 * 1024;
/** Mails waiting for the thread; past either bound the sender is asked to come again. */
export const PARSE_QUEUE_MAX_MAILS = 256;
export const PARSE_QUEUE_MAX_BYTES = 256 * 1024 * 1024;
/** Heap of the thread, without the bytes of mails and attachments. */
export const THREAD_HEAP_MAX_MB = 512;
