export type { ArchivedMail } from './archived-mail.ts';
export { readArchive } from './read-archive.ts';
export { maildirEnd, maildirPiece, mboxPiece, type OutgoingMail } from './write-archive.ts';
