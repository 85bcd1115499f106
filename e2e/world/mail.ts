import { createTransport } from 'nodemailer';

export interface Letter {
  readonly to?: string | string[];
  readonly from?: string;
  readonly subject: string;
  readonly text?: string;
  readonly html?: string;
  readonly attachments?: { filename: string; content: Buffer; contentType?: string; cid?: string }[];
}

/** Sends one mail by SMTP; resolves with the server's 250. */
export async function sendMail(smtpPort: number, letter: Letter): Promise<void> {
  const transport = createTransport({ host: '127.0.0.1', port: smtpPort, secure: false, ignoreTLS: true });
  try {
    await transport.sendMail({
      from: 'Ann Lee <ann@example.org>',
      to: 'bob@qa.test',
      text: letter.subject,
      ...letter,
    });
  } finally {
    transport.close();
  }
}

/** As a relay does it: tries until the mail was taken. */
export async function sendUntilTaken(smtpPort: number, letter: Letter, tries = 200): Promise<void> {
  // The same Message-ID each time: it is one mail, however often it has to be sent.
  const messageId = `<${encodeURIComponent(letter.subject)}@relay.example>`;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await sendMail(smtpPort, { ...letter, messageId, date: new Date(0) } as Letter);
      return;
    } catch (error) {
      if (attempt >= tries) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
