import { createHash } from 'node:crypto';
import { Failure } from '@roost/protocol';
import { expect, test } from 'vitest';
import { arrival } from '../domain/messages/arrival.ts';
import { mailToArrival } from './mail.ts';
import { parseMail } from './mime.ts';
import { oddMails } from './testing/mails.ts';
import { mail, part } from './testing/odd-mail.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

class HeldBlobs {
  readonly held = new Map<string, Buffer>();
  async put(bytes: Uint8Array) {
    const digest = sha256(bytes);
    this.held.set(digest, Buffer.from(bytes));
    return digest;
  }
}

const source = mail(
  ['Content-Type: multipart/mixed; boundary=A'],
  part('A', [], 'Hello Bob'),
  part('A', ['Content-Type: application/pdf; name=a.pdf', 'Content-ID: <c1>'], 'PDF'),
  part('A', ['Content-Type: application/pdf; name=b.pdf'], 'PDF'),
  '--A--',
);

test('a mail arrives with its source and attachments stored', async () => {
  const blobs = new HeldBlobs();
  const arrived = await mailToArrival(source, ['Bob@Example.net ', 'bob@example.net', 'eve@example.net'], {
    blobs,
    parse: parseMail,
  });
  expect(arrived).toEqual({
    to: ['bob@example.net', 'eve@example.net'],
    from: 'Ann Lee <ann@example.org>',
    subject: 'Hello',
    snippet: 'Hello Bob',
    size_bytes: source.length,
    external_id: (await parseMail(source)).identity,
    content: {
      headers: (await parseMail(source)).headers,
      text: 'Hello Bob',
      html: null,
      truncated: false,
      attachments: [
        {
          index: 0,
          filename: 'a.pdf',
          content_type: 'application/pdf',
          content_id: 'c1',
          inline: false,
          size_bytes: 3,
        },
        {
          index: 1,
          filename: 'b.pdf',
          content_type: 'application/pdf',
          content_id: null,
          inline: false,
          size_bytes: 3,
        },
      ],
    },
    source: sha256(source),
    attachment_blobs: [sha256(Buffer.from('PDF')), sha256(Buffer.from('PDF'))],
    problem: null,
  });
  expect(blobs.held.get(arrived.source as string)?.equals(source)).toBe(true);
});

test('every odd mail is one the store takes', async () => {
  const needs = { blobs: new HeldBlobs(), parse: parseMail };
  for (const odd of oddMails.filter(({ source }) => source.length < 1_000_000)) {
    const arrived = await mailToArrival(odd.source, ['bob@example.net'], needs);
    expect(() => arrival.parse(arrived), odd.name).not.toThrow();
  }
});

test('a blob that cannot be stored refuses the mail', async () => {
  const full = new Failure('store.full');
  const blobs = {
    put: async (bytes: Uint8Array) => {
      if (bytes.length === 3) throw full;
      return sha256(bytes);
    },
  };
  await expect(mailToArrival(source, ['bob@example.net'], { blobs, parse: parseMail })).rejects.toBe(full);
});
