import { join } from 'node:path';

/** SHA-256 of the bytes, 64 lower-case hexadecimal digits. */
export type Digest = string;

const DIGEST = /^[0-9a-f]{64}$/;
export const FOLDERS = Array.from({ length: 256 }, (_, index) => index.toString(16).padStart(2, '0'));

/** Ends the name of a file that is still being written. */
export const UNFINISHED = '.tmp';
/** Ends the name of a blob that a sweep is about to delete. */
export const GOING = '.going';

export interface Place {
  readonly folder: string;
  readonly path: string;
}

/** @throws RangeError  not a digest, so perhaps a path that leads elsewhere */
export function placeOf(root: string, digest: Digest): Place {
  if (!DIGEST.test(digest)) throw new RangeError('A blob is named by 64 hexadecimal digits.');
  const folder = join(root, digest.slice(0, 2));
  return { folder, path: join(folder, digest.slice(2)) };
}

/** The digest of a blob's file, or null for any other file. */
export function digestAt(folder: string, name: string): Digest | null {
  const digest = folder + name;
  return DIGEST.test(digest) ? digest : null;
}
