import { describe, expect, test } from 'vitest';
import { parseMail } from './mime.ts';
import { goldenMails } from './testing/golden/mails.ts';
import { oddMails } from './testing/mails.ts';

const shown = ({ bytes, ...attachment }: { readonly bytes: Buffer }) => ({
  ...attachment,
  bytes: bytes.toString('latin1'),
});

describe('mail as the programs of this world write it', () => {
  test.each(goldenMails)('$name', async ({ source, reads }) => {
    const { from, subject, text, html, attachments, problem } = await parseMail(source);
    expect({ from, subject, text, html, problem, attachments: attachments.map(shown) }).toEqual({
      problem: null,
      ...reads,
      attachments: (reads.attachments ?? []).map(shown),
    });
  });

  test('there are at least 120, no two of one name or of the same bytes', () => {
    const all = [...goldenMails, ...oddMails];
    expect(goldenMails.length).toBeGreaterThanOrEqual(120);
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    expect(new Set(all.map(({ source }) => source.toString('latin1'))).size).toBe(all.length);
  });
});
