import { brokenMails } from './broken-mails.ts';
import { charsetMails } from './charset-mails.ts';
import { headerMails } from './header-mails.ts';
import type { OddMail } from './odd-mail.ts';
import { partMails } from './part-mails.ts';

/** Every odd mail there is. */
export const oddMails: readonly OddMail[] = [...charsetMails, ...headerMails, ...partMails, ...brokenMails];
