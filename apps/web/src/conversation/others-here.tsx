import { useRoost, useStore } from '@roost/react';
import { firstName } from '../conversations/preview.ts';
import { useDirectory } from '../conversations/use-directory.ts';
import { Avatar } from '../ui/avatar.tsx';

const FACES_MAX = 3;

/** Colleagues who have this conversation open as well, so that two do not answer at once. */
export function OthersHere({ conversationId }: { conversationId: string }) {
  const client = useRoost();
  const here = useStore(client.presenceIn(`thread:${conversationId}`));
  const { myId, nameOf } = useDirectory();
  const others = here.filter(({ user_id }) => user_id !== myId).map(({ user_id }) => nameOf(user_id));
  if (others.length === 0) return null;
  const words = `${others.map(firstName).join(', ')} ${others.length === 1 ? 'has' : 'have'} this open`;
  return (
    <span role="status" title={words} className="flex shrink-0 items-center gap-1.5 text-ink-3 text-xs">
      <span className="flex -space-x-1.5">
        {others.slice(0, FACES_MAX).map((name) => (
          <span key={name} className="rounded-full ring-2 ring-surface">
            <Avatar name={name} size="sm" />
          </span>
        ))}
      </span>
      <span className="@max-4xl:sr-only">{words}</span>
    </span>
  );
}
