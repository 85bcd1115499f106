import { useMemo } from 'react';
import { linkTarget } from './link-target.ts';
import { linked } from './links.ts';

export function TextPanel({ text }: { text: string }) {
  const pieces = useMemo(() => linked(text), [text]);
  return (
    <div className="max-w-[80ch] whitespace-pre-wrap py-5 text-[0.9375rem] leading-relaxed [overflow-wrap:anywhere]">
      {pieces.map(({ text, href }, at) =>
        href === null ? (
          text
        ) : (
          <a
            // biome-ignore lint/suspicious/noArrayIndexKey: the text of a message never changes
            key={at}
            href={href}
            title={linkTarget(href, text)?.address}
            target="_blank"
            rel="noopener noreferrer"
            className="text-accent-ink underline decoration-1 underline-offset-2"
          >
            {text}
            {linkTarget(href, text)?.deceives && <span> (leads to {linkTarget(href, text)?.host})</span>}
          </a>
        ),
      )}
    </div>
  );
}
