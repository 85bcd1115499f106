import { Notice } from '../ui/notice.tsx';
import type { FoundLink } from './clean-html.ts';

const SHOWN_MAX = 200;

/**
 * Where the links of a mail lead, outside its frame, where its styles cannot hide or repaint it. Those whose words
 * suggest another place are named at once.
 */
export function LinkTargets({ links }: { links: readonly FoundLink[] }) {
  const shown = distinct(links.filter(({ host }) => host !== null)).slice(0, SHOWN_MAX);
  if (shown.length === 0) return null;
  const deceiving = shown.filter(({ deceives }) => deceives);
  return (
    <div className="grid gap-2 pb-2 empty:hidden">
      {deceiving.length > 0 && (
        <Notice tone="warn">
          {deceiving.length === 1 ? 'A link leads' : `${deceiving.length} links lead`} elsewhere than{' '}
          {deceiving.length === 1 ? 'it says' : 'they say'}:
          <TargetList links={deceiving.slice(0, 5)} />
        </Notice>
      )}
      <details className="text-[0.8125rem]">
        <summary className="inline rounded text-ink-3 hover:text-ink">
          {shown.length === 1 ? 'Where its link leads' : `Where its ${shown.length} links lead`}
        </summary>
        <TargetList links={shown} />
      </details>
    </div>
  );
}

function TargetList({ links }: { links: readonly FoundLink[] }) {
  return (
    <ul className="mt-1 grid max-h-60 gap-1 overflow-y-auto">
      {links.map(({ text, address }) => (
        <li key={`${text} ${address}`} className="[overflow-wrap:anywhere]">
          <bdi>{text || 'A picture'}</bdi> <span aria-hidden="true">→</span>
          <span className="sr-only"> leads to </span> <bdi className="font-mono text-xs">{address}</bdi>
        </li>
      ))}
    </ul>
  );
}

function distinct(links: readonly FoundLink[]): FoundLink[] {
  return [...new Map(links.map((link) => [`${link.text} ${link.address}`, link])).values()];
}
