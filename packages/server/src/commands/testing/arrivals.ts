import type { Arrival } from '../../domain/index.ts';

/** A message as it arrives, with what a test cares about. */
export function arrival(to: string | readonly string[], some: Partial<Arrival> = {}): Arrival {
  return {
    to: typeof to === 'string' ? [to] : [...to],
    from: 'Ann <ann@example.org>',
    subject: 'Hello',
    snippet: 'Hello',
    size_bytes: 5,
    external_id: null,
    content: { headers: [], text: 'Hello', html: null, attachments: [], truncated: false },
    source: null,
    attachment_blobs: [],
    problem: null,
    ...some,
  };
}
