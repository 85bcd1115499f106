import type { MessageRow } from '@roost/protocol';
import { useState } from 'react';
import { createPortal } from 'react-dom';
import { authorOf } from '../message/author.ts';

interface SpokenNewsProps {
  readonly newest: MessageRow | undefined;
  readonly nameOf: (userId: string) => string;
  readonly myId: string;
}

/** Tells who cannot see the thread what has come in it since it was opened. */
export function SpokenNews({ newest, nameOf, myId }: SpokenNewsProps) {
  const [last, setLast] = useState<{ id: string | null; words: string }>({
    id: newest?.id ?? null,
    words: '',
  });
  if (newest && newest.id !== last.id) {
    const isNews = last.id !== null && newest.id > last.id && newest.author_id !== myId;
    setLast({ id: newest.id, words: isNews ? spoken(newest, nameOf) : '' });
  }
  // Outside of the page's own text, of which it would be a repetition.
  return createPortal(
    <div aria-live="polite" className="sr-only">
      {last.words}
    </div>,
    document.body,
  );
}

function spoken(row: MessageRow, nameOf: (userId: string) => string): string {
  const who = row.author_id === null ? authorOf(row.from).name : nameOf(row.author_id);
  if (row.kind === 'system') return row.snippet;
  return `${row.kind === 'note' ? `Note by ${who}` : who}: ${row.snippet || 'a message without text'}`;
}
