import { createTransport } from 'nodemailer';
import { type Roost, signIn } from '../world/roost.ts';
import { until } from '../world/until.ts';
import type { HostileMail } from './corpus.ts';

/** Sends mails as they stand, byte for byte. Resolves once the server has taken each of them. */
export async function deliver(
  smtpPort: number,
  mails: readonly { readonly source: Buffer }[],
): Promise<void> {
  const transport = createTransport({
    host: '127.0.0.1',
    port: smtpPort,
    secure: false,
    ignoreTLS: true,
    pool: true,
    maxConnections: 4,
  });
  try {
    const envelope = { from: 'mallory@evil.test', to: ['bob@qa.test'] };
    await Promise.all(mails.map(({ source }) => transport.sendMail({ envelope, raw: source })));
  } finally {
    transport.close();
  }
}

export interface Row {
  readonly id: string;
  readonly subject: string;
}

/** The row of each mail, whatever has become of it: none is lost. */
export async function rowsOf(
  roost: Roost,
  mails: readonly HostileMail[],
): Promise<{ token: string; rows: Map<string, Row> }> {
  const token = await signIn(roost);
  const rows = new Map<string, Row>();
  await until('each mail has a row', async () => {
    for (const row of await allRows(roost.url, token)) {
      const id = /Hostile (m\d{3})/.exec(row.subject)?.[1];
      if (id !== undefined) rows.set(id, row);
    }
    return mails.every(({ id }) => rows.has(id));
  });
  return { token, rows };
}

async function allRows(url: string, token: string): Promise<Row[]> {
  const rows: Row[] = [];
  let before: string | null = null;
  do {
    const query = new URLSearchParams({ limit: '200', ...(before ? { before } : {}) });
    const answer = await fetch(`${url}/api/v1/inbox?${query}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const page = (await answer.json()) as { rows: Row[]; next: string | null };
    rows.push(...page.rows);
    before = page.next;
  } while (before);
  return rows;
}
