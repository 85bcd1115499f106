import MailComposer from 'nodemailer/lib/mail-composer/index.js';

/** A mail of which no source is stored: it came as fields, or was written here. */
export interface StoredFields {
  readonly id: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  /** ISO 8601. */
  readonly date: string;
  readonly text: string;
}

/** What is known of it, as a mail; the same bytes whenever it is asked. */
export function composeStored({ id, from, to, subject, date, text }: StoredFields): Promise<Buffer> {
  const mail = new MailComposer({
    from: from === '' ? 'unknown@invalid' : from,
    to: [...to],
    subject,
    date: new Date(date),
    messageId: `<${id}@roost.invalid>`,
    text,
    newline: 'windows',
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return mail.compile().build();
}
