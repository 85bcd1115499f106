const WIDTHS = ['w-2/3', 'w-1/2', 'w-3/4', 'w-2/5', 'w-3/5', 'w-1/2', 'w-2/3', 'w-1/3'];

/** Shown only where loading takes long enough to be noticed. */
export function RowSkeletons() {
  return (
    <div role="status" className="animate-appear-late px-4 sm:px-6">
      <span className="sr-only">Loading messages…</span>
      {WIDTHS.map((width, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: these never change
        <div key={at} aria-hidden="true" className="flex h-11 items-center gap-6 border-line border-b">
          <div className="h-2.5 w-40 rounded-full bg-hover" />
          <div className={`h-2.5 rounded-full bg-hover ${width}`} />
        </div>
      ))}
    </div>
  );
}
