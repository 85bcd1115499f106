import { Failure } from '@roost/protocol';
import SqliteConnection from 'better-sqlite3';

/** Names what the machine did to us; anything else is a fault of ours and goes on as it is. */
export function asFailure(error: unknown): unknown {
  if (!(error instanceof SqliteConnection.SqliteError)) return error;
  if (error.code === 'SQLITE_FULL') return new Failure('store.full', undefined, { cause: error });
  if (/^SQLITE_(BUSY|LOCKED|IOERR|CANTOPEN|READONLY|NOMEM|CORRUPT)/.test(error.code)) {
    return new Failure('store.unavailable', undefined, { cause: error });
  }
  return error;
}
