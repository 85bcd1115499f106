import { calendarMails } from './calendar-mails.ts';
import { charsetMails } from './charset-mails.ts';
import { desktopMails } from './desktop-mails.ts';
import { filenameMails } from './filename-mails.ts';
import type { GoldenMail } from './golden-mail.ts';
import { nestedMails } from './nested-mails.ts';
import { reportMails } from './report-mails.ts';
import { sealedMails } from './sealed-mails.ts';
import { serviceMails } from './service-mails.ts';
import { webMails } from './web-mails.ts';

/** Every mail whose reading was written down by hand. */
export const goldenMails: readonly GoldenMail[] = [
  ...desktopMails,
  ...webMails,
  ...serviceMails,
  ...charsetMails,
  ...filenameMails,
  ...nestedMails,
  ...calendarMails,
  ...sealedMails,
  ...reportMails,
];
