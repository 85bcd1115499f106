/** The store cannot be opened; the message is one sentence for the person who starts the server. */
export class OpeningError extends Error {
  override readonly name = 'OpeningError';
}

/** What went wrong with the database in `place`, said with what to do about it. */
export function openingError(place: string, error: unknown): OpeningError {
  if (error instanceof OpeningError) return error;
  return new OpeningError(sentence(place, error), { cause: error });
}

function sentence(place: string, error: unknown): string {
  const code = String((error as { code?: unknown } | null)?.code ?? '');
  if (/^(EACCES|EPERM|EROFS|ENOTDIR|EEXIST|EISDIR|SQLITE_(CANTOPEN|READONLY|PERM|AUTH))/.test(code)) {
    return `The database ${place} cannot be opened: check that its folder exists and that this account may write there.`;
  }
  if (/^SQLITE_(NOTADB|CORRUPT)/.test(code)) {
    return `The file ${place} is not a database, or is damaged: move it away and restore a backup.`;
  }
  if (/^SQLITE_(BUSY|LOCKED)/.test(code))
    return `The database ${place} is held by another process: end that first.`;
  if (/^(ENOSPC|SQLITE_FULL|53100)/.test(code))
    return `The disk of the database ${place} is full: make room first.`;
  if (/^(28|3D000|42501)/.test(code)) {
    return `PostgreSQL at ${place} refuses us: check account, password and database name (${messageOf(error)}).`;
  }
  return `The database ${place} cannot be opened: ${messageOf(error)}.`;
}

function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
