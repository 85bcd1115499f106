import { type ConversationRow, limits } from '@roost/protocol';
import { useRoost } from '@roost/react';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useDirectory } from '../conversations/use-directory.ts';
import { tellProblem } from '../ui/toasts.tsx';
import { type Draft, Drafts, deviceShelf } from './drafts.ts';
import { takeBack } from './edit-again.ts';
import type { ChosenTemplate } from './template.ts';
import { useBasedOn } from './use-based-on.ts';
import { useFiles } from './use-files.ts';

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
      takeBack(row.id, (written) =>
        setDraft((before) => {
          const text = [written.text, before.text].filter((part) => part.trim() !== '').join('\n\n');
          const after = { text, isNote: written.isNote };
          drafts.keep(row.id, after);
          return after;
        }),
      ),
    [drafts, row.id],
  );

  const uploads = files.files.flatMap(({ uploadId }) => uploadId ?? []);
  const isUploading = files.files.some(({ uploadId, problem }) => uploadId === null && problem === null);

  const send = (chosen: ChosenTemplate | null = null) => {
    try {
      client.send(row.id, {
        kind: draft.isNote ? 'note' : 'reply',
        // What a template says goes along as text, for colleagues to read; WhatsApp is told only the template.
        text: chosen ? chosen.reads.slice(0, limits.WHATSAPP_TEXT_MAX_CHARS) : draft.text.trim(),
        uploads: chosen ? [] : uploads,
        based_on: draft.isNote ? null : basedOn,
        ...(replyTo === null || draft.isNote ? {} : { reply_to: replyTo }),
        ...(chosen ? { template: chosen.template } : {}),
      });
    } catch (error) {
      return tellProblem((error as Error).message);
    }
    onReplyTo(null);
    if (chosen) return;
    write({ text: '' });
    files.clear();
  };

  return { draft, write, files, isUploading, uploadCount: uploads.length, send };
}
