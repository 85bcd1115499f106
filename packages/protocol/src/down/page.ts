import { z } from 'zod';
import { rowsOfChannel } from './rows.ts';

/** Answers `fetch`: rows below the ones held, as of the reader's own position. */
export const page = rowsOfChannel.extend({ type: z.literal('page') });
