import { UpIcon } from '../ui/icons.tsx';

/** New mail above what is read; nothing moves until the reader asks for it. */
export function NewerPill({ count, onShow }: { count: number; onShow: () => void }) {
  if (count === 0) return null;
  return (
    <div className="pointer-events-none absolute inset-x-0 top-9 z-10 flex justify-center max-sm:top-2">
      <button
        type="button"
        onClick={onShow}
        className="pointer-events-auto inline-flex items-center gap-1.5 rounded-full bg-accent px-3.5 py-1.5 font-medium text-[0.8125rem] text-on-accent shadow-lg hover:bg-accent-hover"
      >
        <UpIcon />
        {count === 1 ? '1 new message' : `${count} new messages`}
      </button>
    </div>
  );
}
