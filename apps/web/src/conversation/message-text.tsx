import { memo, useMemo } from 'react';
import { linked } from '../message/links.ts';

/** Plain text as it was written, with its web addresses as links. */
export const MessageText = memo(function MessageText({ text }: { text: string }) {
  const pieces = useMemo(() => linked(text), [text]);
  if (text.trim() === '') return null;
  return (
    <span className="whitespace-pre-wrap text-[0.9375rem] leading-snug [overflow-wrap:anywhere]">
      {pieces.map(({ text, href }, at) =>
        href === null ? (
          text
        ) : (
          <a
            // biome-ignore lint/suspicious/noArrayIndexKey: the text of a message never changes
            key={at}
            href={href}
            target="_blank"
            rel="noopener noreferrer"
            className="text-accent-ink underline decoration-1 underline-offset-2"
          >
            {text}
          </a>
        ),
      )}
    </span>
  );
});
