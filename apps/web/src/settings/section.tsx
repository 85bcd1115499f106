import type { ReactNode } from 'react';

/** A part of a page of settings: what it is, why, and what can be done. */
export function Section({
  title,
  text,
  action,
  children,
}: {
  title?: string;
  text?: ReactNode;
  action?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className="mb-9">
      {(title || action || text) && (
        <div className="mb-3 flex flex-wrap items-start gap-x-4 gap-y-2">
          <div className="min-w-0 flex-1">
            {title && <h3 className="font-medium">{title}</h3>}
            {text && <p className="text-[0.8125rem] text-ink-3">{text}</p>}
          </div>
          {action}
        </div>
      )}
      {children}
    </section>
  );
}

/** Rows of a settings page, in a frame. */
export function Rows({ children }: { children: ReactNode }) {
  return <ul className="divide-y divide-line rounded-lg border border-line bg-surface">{children}</ul>;
}

export function RowItem({ children }: { children: ReactNode }) {
  return <li className="flex min-h-14 flex-wrap items-center gap-x-3 gap-y-1.5 px-3.5 py-2.5">{children}</li>;
}

export function Nothing({ children }: { children: ReactNode }) {
  return (
    <p className="rounded-lg border border-line border-dashed px-4 py-6 text-center text-[0.8125rem] text-ink-3">
      {children}
    </p>
  );
}
