import { Button } from '../ui/button.tsx';

interface OlderRowsProps {
  readonly hasMore: boolean;
  readonly problem: string | null;
  readonly onRetry: () => void;
}

/** Below the last row: that older ones are coming, why they are not, or that this is the end. */
export function OlderRows({ hasMore, problem, onRetry }: OlderRowsProps) {
  return (
    <div
      role="status"
      className="flex min-h-16 flex-wrap items-center justify-center gap-3 px-4 py-4 text-[0.8125rem] text-ink-3"
    >
      {problem !== null ? (
        <>
          <span className="text-bad-ink">Older messages could not be loaded. {problem}</span>
          <Button onClick={onRetry}>Try again</Button>
        </>
      ) : (
        hasMore && 'Loading older messages…'
      )}
    </div>
  );
}
