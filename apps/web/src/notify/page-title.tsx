import { useUnreadCounts } from '../conversations/use-unread.ts';
import { countInWords } from '../ui/badge.tsx';

/** The name of the page, with how many conversations wait for me. */
export function PageTitle({ of }: { of: string }) {
  const { total, atLeast } = useUnreadCounts();
  return <title>{`${total > 0 ? `(${countInWords(total, atLeast)}) ` : ''}${of} · Roost`}</title>;
}
