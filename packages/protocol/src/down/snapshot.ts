import { z } from 'zod';
import { rowsOfChannel } from './rows.ts';

/** The top of a channel as of `cursor`; replaces what the reader held of it. */
export const snapshot = rowsOfChannel.extend({ type: z.literal('snapshot'), etag: z.string() });
