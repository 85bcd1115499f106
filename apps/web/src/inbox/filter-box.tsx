import { systemClock } from '@roost/client';
import { limits } from '@roost/protocol';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useId, useRef, useState } from 'react';
import { CloseIcon, SearchIcon } from '../ui/icons.tsx';
import { useShortcuts } from '../ui/shortcuts.ts';

/** A list is asked for once the typing pauses. */
const TYPING_PAUSE_MS = 250;

/** The address filter. It lives in the address bar, so that a view can be kept, sent and gone back to. */
export function FilterBox({ filter, isUsable }: { filter: string; isUsable: boolean }) {
  const navigate = useNavigate();
  const input = useRef<HTMLInputElement>(null);
  const hintId = useId();
  const [typed, setTyped] = useState(filter);
  const [shown, setShown] = useState(filter);
  // Changed by something other than the typing here: a link, or the browser's back.
  if (filter !== shown) {
    setShown(filter);
    if (typed.trim() !== filter) setTyped(filter);
  }

  useEffect(() => {
    const wanted = typed.trim();
    if (wanted === filter) return;
    return systemClock.after(TYPING_PAUSE_MS, () => {
      void navigate({ to: '/mail', search: wanted ? { filter: wanted } : {}, replace: true });
    });
  }, [typed, filter, navigate]);

  useShortcuts({ '/': () => input.current?.select() });

  return (
    <search className="group relative block">
      <span className="pointer-events-none absolute inset-y-0 left-2.5 grid place-items-center text-ink-3">
        <SearchIcon />
      </span>
      <input
        ref={input}
        type="text"
        inputMode="search"
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        aria-label="Filter by recipient address"
        aria-describedby={hintId}
        aria-invalid={!isUsable}
        placeholder="Filter by address"
        // One more than is allowed: past the limit the person is told, instead of losing what they pasted.
        maxLength={limits.FILTER_MAX_CHARS + 1}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') input.current?.blur();
        }}
        className="h-8 w-full rounded-md border border-line bg-surface pr-8 pl-8 text-[0.8125rem] outline-offset-[-1px] placeholder:text-ink-3"
      />
      {typed !== '' && (
        <button
          type="button"
          aria-label="Clear the filter"
          onClick={() => {
            setTyped('');
            input.current?.focus();
          }}
          className="absolute inset-y-0 right-0 grid w-8 place-items-center rounded-md text-ink-3 outline-offset-[-2px] hover:text-ink"
        >
          <CloseIcon />
        </button>
      )}
      <p
        id={hintId}
        className={`pointer-events-none absolute top-full right-0 left-0 z-20 mt-1 hidden rounded-md border border-line bg-raised px-3 py-2 text-[0.8125rem] text-ink-2 shadow-lg ${isUsable ? 'group-focus-within:block' : ''}`}
      >
        <Example>bob</Example> finds it before the @, <Example>bob@shop.test</Example> that address only.{' '}
        <Example>*</Example> stands for anything: <Example>*@shop.test</Example>
      </p>
    </search>
  );
}

function Example({ children }: { children: string }) {
  return <code className="rounded bg-hover px-1 font-mono text-xs">{children}</code>;
}
