import { useMessage } from '@roost/react';
import { useCanGoBack, useNavigate, useRouter } from '@tanstack/react-router';
import { useCallback, useState } from 'react';
import { AsOf } from '../connection/as-of.tsx';
import { Title } from '../inbox/title.tsx';
import { Button } from '../ui/button.tsx';
import { BackIcon } from '../ui/icons.tsx';
import { useShortcuts } from '../ui/shortcuts.ts';
import { MessageHeader } from './message-header.tsx';
import { MessageTabs } from './message-tabs.tsx';

/** One message, live: a change shows at once, and so does that it is gone. */
export function MessagePage({ id }: { id: string }) {
  const { message, isLoading, error } = useMessage(id);
  const goBack = useWayBack();
  useShortcuts({ Escape: goBack, u: goBack });
  const wasThere = useWasThere(message !== undefined);
  return (
    <main className="mx-auto flex h-full w-full max-w-5xl flex-col overflow-y-auto px-4 pb-4 sm:px-6">
      <Title of={message ? message.subject || '(no subject)' : 'Message'} />
      <div className="flex items-center gap-3 py-2.5">
        <Button look="quiet" onClick={goBack} className="-ml-2.5 px-2.5">
          <BackIcon /> Back
        </Button>
        <AsOf />
      </div>
      {message ? (
        <>
          <MessageHeader message={message} />
          <MessageTabs message={message} />
        </>
      ) : isLoading && error === null ? (
        <p role="status" className="py-10 text-center text-ink-3">
          Loading the message…
        </p>
      ) : (
        <Gone wasThere={wasThere} why={error?.code === 'message.unknown' ? null : error} onBack={goBack} />
      )}
    </main>
  );
}

interface GoneProps {
  readonly wasThere: boolean;
  readonly why: Error | null;
  readonly onBack: () => void;
}

function Gone({ wasThere, why, onBack }: GoneProps) {
  const [title, text] = why
    ? ['This message could not be loaded', why.message]
    : wasThere
      ? ['This message was deleted', 'It was removed while you were reading.']
      : ['There is no such message', 'It may have been deleted, or the address is incomplete.'];
  return (
    <div role="alert" className="flex flex-col items-center gap-2 py-20 text-center">
      <h1 className="font-semibold text-base">{title}</h1>
      <p className="text-ink-2">{text}</p>
      <Button onClick={onBack} className="mt-3">
        Back to the inbox
      </Button>
    </div>
  );
}

/** Back as the browser means it, which brings filter and place along; or, when this page was opened first, to the inbox. */
function useWayBack(): () => void {
  const router = useRouter();
  const navigate = useNavigate();
  const canGoBack = useCanGoBack();
  return useCallback(() => {
    if (canGoBack) router.history.back();
    else void navigate({ to: '/mail', search: {} });
  }, [canGoBack, router, navigate]);
}

/** Whether it was ever true while the caller was mounted. */
function useWasThere(isThere: boolean): boolean {
  const [wasThere, setWasThere] = useState(isThere);
  if (isThere && !wasThere) setWasThere(true);
  return wasThere;
}
