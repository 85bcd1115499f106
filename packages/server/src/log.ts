import { type Logger, pino } from 'pino';
import type { Config } from './config.ts';

export type Log = Logger;

/**
 * The server's log: one JSON object a line on standard output, written before the call returns, so that the last
 * lines before a crash are there. Never holds tokens, cookies, passwords or what mails say.
 */
export function createLog(level: Config['logLevel']): Log {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime });
}
