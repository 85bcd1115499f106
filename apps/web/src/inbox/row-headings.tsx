/** Shared by the rows and what stands above them. */
export const COLUMNS = 'sm:grid-cols-[0.5rem_minmax(7rem,13rem)_minmax(0,1fr)_1rem_5.5rem]';
export const COLUMNS_WITH_TO =
  'sm:grid-cols-[0.5rem_minmax(7rem,13rem)_minmax(0,1fr)_1rem_5.5rem] lg:grid-cols-[0.5rem_minmax(7rem,13rem)_minmax(0,1fr)_minmax(0,12rem)_1rem_5.5rem]';

/** Names the columns for the eye; each row says to a screen reader what it is. As wide as the rows, which have a scrollbar beside them. */
export function RowHeadings({ showsTo }: { showsTo: boolean }) {
  return (
    <div
      aria-hidden="true"
      className={`hidden gap-3 overflow-hidden border-line border-b px-4 pb-1.5 text-ink-3 text-xs [scrollbar-gutter:stable] sm:grid sm:px-6 ${showsTo ? COLUMNS_WITH_TO : COLUMNS}`}
    >
      <span />
      <span>From</span>
      <span>Subject</span>
      {showsTo && <span className="hidden lg:block">To</span>}
      <span />
      <span className="text-right">Received</span>
    </div>
  );
}
