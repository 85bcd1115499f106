import type { ReactNode } from 'react';

/** List and what is open side by side; where the window is narrow, one at a time. */
export function Columns({ isOpen, list, open }: { isOpen: boolean; list: ReactNode; open: ReactNode }) {
  return (
    <div className="flex h-full min-h-0">
      <section
        className={`min-w-0 flex-col border-line bg-surface md:flex md:w-80 md:shrink-0 md:border-r xl:w-[21rem] ${isOpen ? 'hidden' : 'flex w-full'}`}
      >
        {list}
      </section>
      <div className={`min-w-0 flex-1 md:block ${isOpen ? 'block' : 'hidden'}`}>{open}</div>
    </div>
  );
}
