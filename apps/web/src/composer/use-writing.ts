import type { ConversationRow } from '@roost/protocol';
import { useRoost } from '@roost/react';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useDirectory } from '../conversations/use-directory.ts';
import { tellProblem } from '../ui/toasts.tsx';
import { type Draft, Drafts, deviceShelf } from './drafts.ts';
import { takeBack } from './edit-again.ts';
import { useBasedOn } from './use-based-on.ts';
import { useFiles } from './use-files.ts';

interface Template {
  readonly name: string;
  readonly language: string;
  readonly parameters: string[];
}

/** What is being written in a conversation, and its way out. */
export function useWriting(
  row: ConversationRow,
  replyTo: string | null,
  onReplyTo: (id: string | null) => void,
) {
  const client = useRoost();
  const { myId } = useDirectory();
  const drafts = useMemo(() => new Drafts(deviceShelf(), myId), [myId]);
  const [draft, setDraft] = useState<Draft>(() => drafts.of(row.id));
  const files = useFiles();
  const basedOn = useBasedOn(row.answer_offset);

  const write = useCallback(
    (change: Partial<Draft>) =>
      setDraft((before) => {
        const after = { ...before, ...change };
        drafts.keep(row.id, after);
        return after;
      }),
    [drafts, row.id],
  );

  // A refused answer comes back to be changed; what was begun since is not lost for it.
  useEffect(
    () =>
      takeBack(row.id, (entry) => {
        setDraft((before) => {
          const text = [entry.draft.text ?? '', before.text]
            .filter((part) => part.trim() !== '')
            .join('\n\n');
          const after = { text, isNote: entry.draft.kind === 'note' };
          drafts.keep(row.id, after);
          return after;
        });
        entry.discard();
      }),
    [drafts, row.id],
  );

  const uploads = files.files.flatMap(({ uploadId }) => uploadId ?? []);
  const isUploading = files.files.some(({ uploadId, problem }) => uploadId === null && problem === null);

  const send = (template: Template | null = null) => {
    try {
      client.send(row.id, {
        kind: draft.isNote ? 'note' : 'reply',
        text: template ? '' : draft.text.trim(),
        uploads: template ? [] : uploads,
        based_on: draft.isNote ? null : basedOn,
        ...(replyTo === null || draft.isNote ? {} : { reply_to: replyTo }),
        ...(template ? { template } : {}),
      });
    } catch (error) {
      return tellProblem((error as Error).message);
    }
    onReplyTo(null);
    if (template) return;
    write({ text: '' });
    files.clear();
  };

  return { draft, write, files, isUploading, uploadCount: uploads.length, send };
}
