import { PageTitle } from '../notify/page-title.tsx';
import { Logo } from '../ui/logo.tsx';

/** Beside a list, while nothing of it is open. */
export function NothingOpen() {
  return (
    <main className="flex h-full flex-col items-center justify-center gap-3 px-6 text-center text-ink-3">
      <PageTitle of="Conversations" />
      <Logo size={40} />
      <p>
        Choose a conversation, or move with <Key>j</Key> and <Key>k</Key> and open with <Key>Enter</Key>.
        <br />
        <Key>?</Key> shows every key.
      </p>
    </main>
  );
}

function Key({ children }: { children: string }) {
  return <kbd className="rounded border border-line bg-surface px-1.5 font-sans text-xs">{children}</kbd>;
}
