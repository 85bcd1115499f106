import { htmlFamilies } from './html-families.ts';
import { mimeFamilies } from './mime-families.ts';

/** Where the attacker listens. Nothing of ours ever has a reason to ask there. */
export const EVIL_HOST = 'evil.test';

export interface HostileMail {
  readonly id: string;
  readonly family: string;
  /** Stands in its subject, and in no other one's. */
  readonly subject: string;
  /** Stands in what its reader sees, where anything is to be seen. */
  readonly words: string;
  readonly source: Buffer;
  /** Its HTML as it stands; null where the mail is about something else. */
  readonly html: string | null;
}

/** Every hostile mail there is, each with an address of the attacker of its own. */
export function hostileMails(): readonly HostileMail[] {
  const html = Object.entries(htmlFamilies).flatMap(([family, payloads]) =>
    payloads.map((payload) => ({
      family,
      mime: { headers: ['Content-Type: text/html; charset=utf-8'], body: `<p>WORDS</p>\n${payload}` },
      payload,
    })),
  );
  const mime = Object.entries(mimeFamilies).flatMap(([family, mails]) =>
    mails.map((one) => ({ family, mime: one, payload: null })),
  );
  return [...html, ...mime].map(({ family, mime, payload }, at) => {
    const id = `m${String(at).padStart(3, '0')}`;
    const filled = (text: string) => fill(text, id);
    const { from = 'Mallory <mallory@evil.test>', subject = 'ID' } = mime as {
      from?: string;
      subject?: string;
    };
    const lines = [
      `From: ${filled(from)}`,
      'To: bob@qa.test',
      `Subject: ${filled(subject.replaceAll('ID', `Hostile ${id}`))}`,
      'Date: Mon, 1 Jan 2024 10:00:00 +0000',
      `Message-ID: <${id}@evil.test>`,
      'MIME-Version: 1.0',
      ...mime.headers.map(filled),
      '',
      filled(mime.body),
      '',
    ];
    return {
      id,
      family,
      subject: `Hostile ${id}`,
      words: wordsOf(id),
      source: Buffer.from(lines.join('\n').replace(/\r?\n/g, '\r\n')),
      html: payload === null ? null : `<p>${wordsOf(id)}</p>\n${filled(payload)}`,
    };
  });
}

function wordsOf(id: string): string {
  return `Words of ${id}`;
}

function fill(text: string, id: string): string {
  const address = `http://${EVIL_HOST}/${id}`;
  return text
    .replaceAll('RUN', `fetch('${address}/ran')`)
    .replaceAll('WORDS', wordsOf(id))
    .replaceAll('U/', `${address}/`)
    .replace(/(?<=\/|\\|\/\/)ID(?=[/.\\"])/g, id)
    .replaceAll('ID.evil.test', `${id}.evil.test`);
}
