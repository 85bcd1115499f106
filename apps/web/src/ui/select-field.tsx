import { type ComponentProps, useId } from 'react';

/** A labelled choice on its own line. */
export function SelectField({
  label,
  hint,
  children,
  ...props
}: ComponentProps<'select'> & { label: string; hint?: string }) {
  const id = useId();
  return (
    <div className="mb-4">
      <label htmlFor={id} className="mb-1.5 block font-medium text-[0.8125rem] text-ink-2">
        {label}
      </label>
      <select
        id={id}
        aria-describedby={hint ? `${id}-hint` : undefined}
        {...props}
        className="h-10 w-full rounded-md border border-line-strong bg-surface px-2.5 text-ink outline-offset-0"
      >
        {children}
      </select>
      {hint && (
        <p id={`${id}-hint`} className="mt-1.5 text-[0.8125rem] text-ink-3">
          {hint}
        </p>
      )}
    </div>
  );
}
