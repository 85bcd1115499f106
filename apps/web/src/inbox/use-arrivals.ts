import type { MessageRow } from '@roost/protocol';
import { useState } from 'react';
import { countNewer } from './scroll-anchor.ts';

const NONE: readonly MessageRow[] = [];

/** What the last change of the list brought at its top, newest first; nothing on first sight of the list. */
export function useArrivals(rows: readonly MessageRow[]): readonly MessageRow[] {
  const top = rows[0]?.id ?? '';
  const [seen, setSeen] = useState({ top, arrived: NONE });
  if (top !== seen.top) {
    const next = { top, arrived: top > seen.top ? rows.slice(0, countNewer(rows, seen.top)) : NONE };
    setSeen(next);
    return next.arrived;
  }
  return seen.arrived;
}
