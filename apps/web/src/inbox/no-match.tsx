import { Link } from '@tanstack/react-router';

export function NoMatch({ filter }: { filter: string }) {
  return (
    <div className="px-6 py-20 text-center">
      <h2 className="font-semibold text-base [overflow-wrap:anywhere]">No mail for “{filter}”</h2>
      <p className="mt-1 text-ink-2">When some arrives, it appears here by itself.</p>
      <Link
        to="/mail"
        search={{}}
        className="mt-4 inline-block rounded text-accent-ink underline underline-offset-2"
      >
        Show all mail
      </Link>
    </div>
  );
}
