/** A count on a pill; nothing for none, `99+` for many. */
export function Badge({
  count,
  label,
  isQuiet = false,
}: {
  count: number;
  label: string;
  isQuiet?: boolean;
}) {
  if (count === 0) return null;
  return (
    <span
      className={`min-w-5 shrink-0 rounded-full px-1.5 py-px text-center font-medium text-xs tabular-nums ${isQuiet ? 'text-ink-2' : 'bg-accent text-on-accent'}`}
    >
      {countInWords(count)}
      <span className="sr-only"> {label}</span>
    </span>
  );
}

export function countInWords(count: number): string {
  return count > 99 ? '99+' : String(count);
}
