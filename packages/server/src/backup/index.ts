export { backup } from './backup.ts';
export { BackupError } from './error.ts';
export type { Manifest } from './manifest.ts';
export { restore } from './restore.ts';
