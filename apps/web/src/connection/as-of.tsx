import { useConnection } from '@roost/react';
import { useNow } from '../ui/use-now.ts';
import { asOf } from './describe.ts';

/** Marks what is on screen as possibly old. */
export function AsOf() {
  const status = useConnection();
  const words = asOf(status, useNow(60_000));
  if (words === null) return null;
  return (
    <span
      className="rounded bg-warn-soft px-1.5 py-0.5 text-warn-ink text-xs"
      title="There may be newer mail that has not reached this page."
    >
      {words}
    </span>
  );
}
