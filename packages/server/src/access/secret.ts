import { createHash } from 'node:crypto';
import type { Secrets } from '../clock.ts';

/** 256 bits, written in 43 characters that need no escaping anywhere. */
const SECRET_BYTES = 32;

/** Something only its holder knows: the secret of a session, of a link, of a token. */
export function newSecret(secrets: Secrets): string {
  return secrets(SECRET_BYTES).toString('base64url');
}

/**
 * How a secret is stored, 43 characters. A plain digest is enough: nobody guesses 256 bits, so there is nothing
 * for a slow hash to slow down.
 */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
