/** As many unread conversations as are ever loaded. */
const COUNTED_MAX = 200;

/** A count on a pill; nothing for none, `200+` where more are not counted. */
export function Badge({
  count,
  label,
  isQuiet = false,
  atLeast = false,
}: {
  count: number;
  label: string;
  isQuiet?: boolean;
  /** There may be more. */
  atLeast?: boolean;
}) {
  if (count === 0) return null;
  return (
    <span
      className={`min-w-5 shrink-0 rounded-full px-1.5 py-px text-center font-medium text-xs tabular-nums ${isQuiet ? 'text-ink-2' : 'bg-accent text-on-accent'}`}
    >
      {countInWords(count, atLeast)}
      <span className="sr-only"> {label}</span>
    </span>
  );
}

export function countInWords(count: number, atLeast = false): string {
  if (count > COUNTED_MAX) return `${COUNTED_MAX}+`;
  return atLeast ? `${count}+` : String(count);
}
