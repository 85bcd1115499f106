import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Config } from '../../config.ts';
import { type Finding, within } from './finding.ts';

const ANSWER_MAX_MS = 3_000;
const SOON_MS = 14 * 24 * 60 * 60_000;

/** The certificate for STARTTLS, when one is set, can be read, fits its key and has not run out. */
export async function checkCertificate(
  { tlsKey, tlsCert }: Pick<Config, 'tlsKey' | 'tlsCert'>,
  now: number,
): Promise<Finding[]> {
  if (tlsKey === null || tlsCert === null) return [];
  const what = 'certificate';
  const finding = await within(ANSWER_MAX_MS, what, async () => {
    const [key, chain] = await Promise.all([readFile(tlsKey), readFile(tlsCert)]);
    const certificate = new X509Certificate(chain);
    if (!certificate.checkPrivateKey(createPrivateKey(key))) {
      return { state: 'fail', what, says: 'ROOST_TLS_KEY is not the key of ROOST_TLS_CERT.' };
    }
    const left = Date.parse(certificate.validTo) - now;
    if (left <= 0) return { state: 'fail', what, says: `It ran out on ${certificate.validTo}.` };
    return { state: left < SOON_MS ? 'warn' : 'ok', what, says: `Good until ${certificate.validTo}.` };
  });
  return [finding];
}
