/** A backup cannot be made or restored; the message is one sentence that says what is wrong, and where. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}

/** What the operating system says, as one sentence about `path`; anything else stays as it is. */
export function asBackupError(error: unknown, path: string): unknown {
  const { code, syscall } = (error ?? {}) as NodeJS.ErrnoException;
  if (typeof code !== 'string' || typeof syscall !== 'string') return error;
  const why = WHY[code] ?? `the system says ${code}`;
  return new BackupError(`${path}: ${why}.`, { cause: error });
}

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'this account may not go there',
  EPERM: 'this account may not do that',
  EROFS: 'nothing can be written there',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOTDIR: 'a part of the path is no folder',
  EISDIR: 'that is a folder and no file',
};
