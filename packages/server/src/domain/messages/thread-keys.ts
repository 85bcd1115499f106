import type { MessageContent } from '@roost/protocol';

/** Message-IDs that one mail may name; the first and the last tell most. */
const REFERENCES_MAX_COUNT = 20;
const MESSAGE_ID = /<([^<>\s]{1,250})>/g;

/** The key under which a conversation is found by a mail's Message-ID. */
export function mailKey(messageId: string): string {
  return `mid:${messageId}`;
}

/** Keys of a mail's thread: what it answers, newest first, and itself (RFC 5322, 3.6.4). */
export function mailKeys(headers: MessageContent['headers']): string[] {
  const idsOf = (name: string) =>
    headers
      .filter((header) => header.name.toLowerCase() === name)
      .flatMap(({ value }) => [...value.matchAll(MESSAGE_ID)].map(([, id]) => id as string));
  const references = idsOf('references');
  const named = [
    ...idsOf('in-reply-to'),
    ...references.slice(-(REFERENCES_MAX_COUNT - 1)).reverse(),
    ...references.slice(0, 1),
    ...idsOf('message-id'),
  ];
  return [...new Set(named)].slice(0, REFERENCES_MAX_COUNT).map(mailKey);
}

/** What the mail itself is called, without angle brackets; null when it has no name. */
export function messageIdOf(headers: MessageContent['headers']): string | null {
  const header = headers.find(({ name }) => name.toLowerCase() === 'message-id');
  return header ? (/<([^<>\s]{1,250})>/.exec(header.value)?.[1] ?? null) : null;
}
