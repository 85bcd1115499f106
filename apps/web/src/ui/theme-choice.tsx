import { chooseTheme, type Theme, useTheme } from './theme.ts';

const words: Record<Theme, string> = { system: 'System', light: 'Light', dark: 'Dark' };

/** @param name  of its radio buttons; there may be two on one page */
export function ThemeChoice({ name = 'theme' }: { name?: string }) {
  const current = useTheme();
  return (
    <fieldset className="px-2.5 py-1">
      <legend className="mb-1.5 text-[0.8125rem] text-ink-3">Theme</legend>
      <div className="grid grid-cols-3 gap-0.5 rounded-md border border-line bg-page p-0.5">
        {(Object.keys(words) as Theme[]).map((theme) => (
          <label
            key={theme}
            className="cursor-pointer rounded px-2 py-1 text-center text-[0.8125rem] text-ink-2 has-checked:bg-accent-soft has-checked:font-medium has-checked:text-accent-ink has-focus-visible:outline-2 has-focus-visible:outline-accent-ink"
          >
            <input
              type="radio"
              name={name}
              value={theme}
              checked={theme === current}
              onChange={() => chooseTheme(theme)}
              className="sr-only"
            />
            {words[theme]}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
