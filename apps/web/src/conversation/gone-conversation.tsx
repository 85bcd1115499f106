import type { ClientError } from '@roost/client';
import { PageTitle } from '../notify/page-title.tsx';
import { Button } from '../ui/button.tsx';

interface GoneProps {
  readonly wasThere: boolean;
  readonly why: ClientError | null;
  readonly onBack: () => void;
}

/** In place of a conversation that is not there, or not for this person, or no longer. */
export function GoneConversation({ wasThere, why, onBack }: GoneProps) {
  const isUnknown = why === null || why.code === 'conversation.unknown';
  const [title, text] = !isUnknown
    ? ['This conversation could not be loaded', why.message]
    : wasThere
      ? ['You no longer see this conversation', 'You are not in its inbox any more, or it was removed.']
      : ['There is no such conversation', 'It was removed, or is in an inbox that you are not in.'];
  return (
    <main role="alert" className="flex flex-col items-center gap-2 px-6 py-20 text-center">
      <PageTitle of="Not here" />
      <h1 className="font-semibold text-base">{title}</h1>
      <p className="text-ink-2">{text}</p>
      <Button onClick={onBack} className="mt-3">
        Back to the list
      </Button>
    </main>
  );
}
