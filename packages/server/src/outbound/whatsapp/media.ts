import { createHash } from 'node:crypto';
import { meaningOfTrouble, troubleInWords } from '../../whatsapp-trouble.ts';
import { type Fetched, fieldOf, type Graph, type Key, MEDIA_MAX_BYTES, type Told, textOf } from './graph.ts';

export type FetchedMedia =
  | { readonly kind: 'fetched'; readonly bytes: Buffer; readonly content_type: string }
  | { readonly kind: 'later'; readonly after_ms: number | null; readonly says: string }
  | { readonly kind: 'failed'; readonly says: string };

/**
 * Fetches a file that somebody sent: first where it is, then the file, both with our key.
 *
 * @param sha256  as the webhook said it, base64 or hexadecimal; bytes that do not fit are fetched again
 */
export async function fetchMedia(
  graph: Graph,
  key: Key,
  media: { readonly id: string; readonly sha256: string | null },
  signal: AbortSignal,
): Promise<FetchedMedia> {
  const { phone_number_id, token } = key;
  const found = await graph.get(encodeURIComponent(media.id), { phone_number_id }, token, signal);
  if (found.kind !== 'done') return notHad(found);
  const size = fieldOf(found.value, 'file_size');
  if (Number(size) > MEDIA_MAX_BYTES)
    return { kind: 'failed', says: 'The file is larger than is taken (100 MiB).' };
  const told = await graph.download(textOf(fieldOf(found.value, 'url')), token, signal);
  if (told.kind !== 'done') return notHad(told);
  const { bytes, content_type } = told.value as Fetched;
  const wanted = media.sha256 ?? textOf(fieldOf(found.value, 'sha256'));
  if (wanted !== '' && !fits(bytes, wanted)) {
    return { kind: 'later', after_ms: null, says: 'The file did not arrive whole.' };
  }
  return { kind: 'fetched', bytes, content_type: textOf(fieldOf(found.value, 'mime_type')) || content_type };
}

/** Digests come in two spellings; one that is neither says nothing. */
function fits(bytes: Buffer, written: string): boolean {
  const digest = createHash('sha256').update(bytes).digest();
  if (/^[0-9a-f]{64}$/i.test(written)) return digest.toString('hex') === written.toLowerCase();
  if (/^[A-Za-z0-9+/]{43}=$/.test(written)) return digest.toString('base64') === written;
  return true;
}

function notHad(told: Exclude<Told, { kind: 'done' }>): FetchedMedia {
  // Asking twice for a file does no harm, so an answer that got lost is as good as none.
  if (told.kind !== 'refused') {
    return { kind: 'later', after_ms: null, says: `The file could not be fetched. ${told.says}.` };
  }
  const { status, trouble, retry_after_ms } = told;
  const passes =
    status === 429 ||
    status >= 500 ||
    trouble?.isTransient === true ||
    meaningOfTrouble(trouble?.code ?? null)?.passes;
  const why = trouble === null ? `WhatsApp answered ${status}` : troubleInWords(trouble);
  if (passes || status === 401) {
    return { kind: 'later', after_ms: retry_after_ms, says: `The file could not be fetched yet: ${why}.` };
  }
  return { kind: 'failed', says: `The file cannot be had any more: ${why}.` };
}
