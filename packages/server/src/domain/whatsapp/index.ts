import { claimWhatsAppFile, dueWhatsAppFiles, settleWhatsAppFile } from './files.ts';
import { dropLeftovers, keepLeftovers, leftoversOfNumber, listLeftovers } from './leftovers.ts';
import { moveWhatsAppNumber } from './new-number.ts';
import { newestReadWhatsApp } from './newest-read.ts';
import { listWhatsAppNumbers } from './numbers.ts';
import { receiveWhatsApp } from './receive.ts';
import { reportWhatsApp } from './report.ts';
import { setTemplateStatus, syncTemplates } from './templates.ts';

export type { WaitingFile } from './files.ts';
export type { Leftover } from './leftovers.ts';
export type { WhatsAppNumber } from './numbers.ts';
export { type WhatsAppSettings, whatsappSettings } from './settings.ts';
export type { ListedTemplate, SyncedTemplates } from './templates.ts';

export const whatsappCommands = {
  receiveWhatsApp,
  reportWhatsApp,
  moveWhatsAppNumber,
  claimWhatsAppFile,
  settleWhatsAppFile,
  syncTemplates,
  setTemplateStatus,
  keepLeftovers,
  dropLeftovers,
} as const;

export const whatsappQueries = {
  listWhatsAppNumbers,
  dueWhatsAppFiles,
  listLeftovers,
  leftoversOfNumber,
  newestReadWhatsApp,
} as const;
