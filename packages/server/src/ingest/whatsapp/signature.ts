import { createHmac, timingSafeEqual } from 'node:crypto';

const HEADER = /^sha256=([0-9a-f]{64})$/i;

/** `sha256=` and the HMAC over the bytes as they go over the wire, for `X-Hub-Signature-256`. */
export function signatureOf(body: Uint8Array, secret: string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

/**
 * Which of the secrets a body was signed with: several apps may call one server, and what one of them signs says
 * nothing of another's numbers. Every secret is tried and each compared in constant time.
 *
 * @param header  `X-Hub-Signature-256` as it came; anything of another form fits no secret
 */
export function signersOf(
  body: Uint8Array,
  header: string | undefined,
  secrets: Iterable<string>,
): ReadonlySet<string> {
  const given = HEADER.exec(header ?? '')?.[1];
  const fitting = new Set<string>();
  if (given === undefined) return fitting;
  const wanted = Buffer.from(given, 'hex');
  for (const secret of new Set(secrets)) {
    // An empty key is one that everybody knows.
    if (secret === '') continue;
    if (timingSafeEqual(createHmac('sha256', secret).update(body).digest(), wanted)) fitting.add(secret);
  }
  return fitting;
}

const CHALLENGE_MAX_CHARS = 1_000;

export interface Verification {
  readonly mode: string | undefined;
  readonly token: string | undefined;
  readonly challenge: string | undefined;
}

/** What to answer when the platform asks whether this address is ours; null to refuse. */
export function challengeAnswer(asked: Verification, tokens: Iterable<string>): string | null {
  const { mode, token, challenge } = asked;
  if (mode !== 'subscribe' || !token || !challenge || challenge.length > CHALLENGE_MAX_CHARS) return null;
  let isOurs = false;
  for (const one of tokens) if (one !== '' && sameText(one, token)) isOurs = true;
  return isOurs ? challenge : null;
}

/** Compares in a time that tells only the length. */
function sameText(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
