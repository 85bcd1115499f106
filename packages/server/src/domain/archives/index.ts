import { beginExport } from './begin-export.ts';
import { beginImport } from './begin-import.ts';
import { exportPage, exportTotal } from './export-page.ts';
import { importMails } from './import-mails.ts';

export { type ExportWork, exportWork } from './begin-export.ts';
export { type ImportWork, importWork } from './begin-import.ts';
export type { ExportedMail, ExportPage } from './export-page.ts';
export { type ArchivedState, archivedState } from './import-mails.ts';

export const archiveCommands = { beginImport, importMails, beginExport } as const;
export const archiveQueries = { exportPage, exportTotal } as const;
