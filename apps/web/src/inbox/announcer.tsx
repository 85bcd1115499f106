import { systemClock } from '@roost/client';
import type { MessageRow } from '@roost/protocol';
import { useEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { authorOf } from '../message/author.ts';

/** A burst is told once, with its count, instead of talking over itself. */
const GATHER_MS = 1_000;

/** Tells who cannot see the list what has arrived in it, when they have a moment. */
export function Announcer({ arrived }: { arrived: readonly MessageRow[] }) {
  const [words, setWords] = useState('');
  const waiting = useRef<MessageRow[]>([]);
  useEffect(() => {
    waiting.current.push(...arrived);
    if (waiting.current.length === 0) return;
    return systemClock.after(GATHER_MS, () => {
      setWords(announcement(waiting.current));
      waiting.current = [];
    });
  }, [arrived]);
  // Outside of the page's own text, of which it would be a repetition.
  return createPortal(
    <div role="status" aria-live="polite" className="sr-only">
      {words}
    </div>,
    document.body,
  );
}

export function announcement(arrived: readonly MessageRow[]): string {
  const [only, ...others] = arrived;
  if (!only) return '';
  if (others.length > 0) return `${arrived.length} new messages`;
  return `New message from ${authorOf(only.from).name}: ${only.subject || 'no subject'}`;
}
