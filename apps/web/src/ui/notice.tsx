import type { ReactNode } from 'react';

const tones = {
  warn: 'bg-warn-soft text-warn-ink',
  bad: 'bg-bad-soft text-bad-ink',
  plain: 'bg-hover text-ink-2',
} as const;

/** A sentence the reader should see, with what they can do about it beside it. `bad` is read out at once. */
export function Notice({
  tone,
  children,
  action,
}: {
  tone: keyof typeof tones;
  children: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div
      role={tone === 'bad' ? 'alert' : undefined}
      className={`flex flex-wrap items-center gap-x-3 gap-y-2 rounded-md px-3 py-2 text-[0.8125rem] ${tones[tone]}`}
    >
      <div className="min-w-0 flex-1">{children}</div>
      {action}
    </div>
  );
}
