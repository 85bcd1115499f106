import { useRoost, useStore } from '@roost/react';
import { firstName } from '../conversations/preview.ts';
import { useDirectory } from '../conversations/use-directory.ts';

/** Who is writing an answer at this moment. Takes its room always, so that the thread does not jump. */
export function TypingLine({ conversationId }: { conversationId: string }) {
  const client = useRoost();
  const typing = useStore(client.typing(`thread:${conversationId}`));
  const { myId, nameOf } = useDirectory();
  const names = typing.filter((id) => id !== myId).map((id) => firstName(nameOf(id)));
  return (
    <p role="status" className="h-5 pt-1 text-ink-3 text-xs">
      {names.length > 0 && `${names.join(' and ')} ${names.length === 1 ? 'is' : 'are'} writing…`}
    </p>
  );
}
