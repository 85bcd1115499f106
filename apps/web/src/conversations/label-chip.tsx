import { CloseIcon } from '../ui/icons.tsx';

const UNKNOWN_COLOR = '#8a8f98';

/** A label as a dot of its colour with its name beside it. */
export function LabelDot({ name, color }: { name: string; color: string | undefined }) {
  return (
    <span className="flex max-w-28 items-center gap-1">
      <Dot color={color} />
      <span className="truncate">{name}</span>
    </span>
  );
}

export function Dot({ color }: { color: string | undefined }) {
  return (
    <span
      aria-hidden="true"
      className="size-2 shrink-0 rounded-full ring-1 ring-black/10"
      style={{ backgroundColor: color ?? UNKNOWN_COLOR }}
    />
  );
}

/** A label that can be taken off. */
export function LabelChip({
  name,
  color,
  onRemove,
}: {
  name: string;
  color: string | undefined;
  onRemove: (() => void) | null;
}) {
  return (
    <span className="inline-flex h-6 max-w-40 items-center gap-1.5 rounded-full border border-line bg-surface pr-1 pl-2 text-xs">
      <Dot color={color} />
      <span className="truncate pr-1">{name}</span>
      {onRemove && (
        <button
          type="button"
          aria-label={`Remove label ${name}`}
          onClick={onRemove}
          className="-ml-1 grid size-5 scale-75 place-items-center rounded-full text-ink-3 hover:bg-hover hover:text-ink"
        >
          <CloseIcon />
        </button>
      )}
    </span>
  );
}
