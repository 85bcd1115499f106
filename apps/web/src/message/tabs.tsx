import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from 'react';

export interface Tab {
  readonly name: string;
  readonly count?: number;
  readonly panel: () => ReactNode;
}

/** One panel at a time; arrow keys move between the tabs (WAI-ARIA tabs pattern). `tabs` has at least one. */
export function Tabs({ tabs, label }: { tabs: readonly [Tab, ...Tab[]]; label: string }) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const [chosen, setChosen] = useState(tabs[0].name);
  const at = Math.max(
    0,
    tabs.findIndex(({ name }) => name === chosen),
  );
  const current = tabs[at] ?? tabs[0];

  const press = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = (at + step + tabs.length) % tabs.length;
    setChosen(tabs[next]?.name ?? current.name);
    list.current?.querySelectorAll<HTMLElement>('[role="tab"]')[next]?.focus();
  };

  return (
    <>
      <div
        ref={list}
        role="tablist"
        aria-label={label}
        onKeyDown={press}
        className="flex shrink-0 gap-1 overflow-x-auto border-line border-b"
      >
        {tabs.map(({ name, count }) => {
          const isCurrent = name === current.name;
          return (
            <button
              key={name}
              type="button"
              role="tab"
              id={`${id}-${name}`}
              aria-selected={isCurrent}
              aria-controls={`${id}-panel`}
              tabIndex={isCurrent ? 0 : -1}
              onClick={() => setChosen(name)}
              className={`-mb-px whitespace-nowrap border-b-2 px-3 py-2 text-[0.8125rem] outline-offset-[-3px] ${
                isCurrent
                  ? 'border-accent-ink font-medium text-ink'
                  : 'border-transparent text-ink-2 hover:text-ink'
              }`}
            >
              {name}
              {count !== undefined && <span className="ml-0.5 text-ink-3"> {count}</span>}
            </button>
          );
        })}
      </div>
      <div
        role="tabpanel"
        id={`${id}-panel`}
        aria-labelledby={`${id}-${current.name}`}
        className="flex min-h-0 flex-1 flex-col"
      >
        {current.panel()}
      </div>
    </>
  );
}
