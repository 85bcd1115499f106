import { Link } from '@tanstack/react-router';
import { Logo } from './ui/logo.tsx';

export function NotFound() {
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center gap-3 px-4 pb-[12vh] text-center">
      <title>Not found · Roost</title>
      <Logo size={44} />
      <h1 className="font-semibold text-base">There is nothing at this address</h1>
      <Link to="/" search={{}} className="rounded text-accent-ink underline underline-offset-2">
        To the inbox
      </Link>
    </main>
  );
}
