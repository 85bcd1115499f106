import { type ComponentProps, useId } from 'react';

/** A labelled input on its own line. */
export function Field({ label, hint, ...props }: ComponentProps<'input'> & { label: string; hint?: string }) {
  const id = useId();
  const hintId = `${id}-hint`;
  return (
    <div className="mb-4">
      <label htmlFor={id} className="mb-1.5 block font-medium text-[0.8125rem] text-ink-2">
        {label}
      </label>
      <input
        id={id}
        aria-describedby={hint ? hintId : undefined}
        {...props}
        className="h-10 w-full rounded-md border border-line-strong bg-surface px-3 text-ink outline-offset-0"
      />
      {hint && (
        <p id={hintId} className="mt-1.5 text-[0.8125rem] text-ink-3">
          {hint}
        </p>
      )}
    </div>
  );
}
