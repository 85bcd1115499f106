import { useCallback } from 'react';
import { filesOf } from '../message/message-files.ts';
import { saveFile } from '../message/save-file.ts';
import { useApi } from '../session/session-context.tsx';
import { sizeInWords } from '../ui/bytes.ts';
import { ClipIcon, DownloadIcon, WarningIcon } from '../ui/icons.tsx';
import { useAction } from '../ui/use-action.ts';
import type { FileOfMessage } from './media.ts';

/** A file to save; or why it cannot be had. */
export function FilePart({ messageId, part }: { messageId: string; part: FileOfMessage }) {
  const api = useApi();
  const { index, problem, size_bytes } = part;
  const name = part.filename || 'File';
  const save = useAction(
    useCallback(async () => {
      if (index !== null) saveFile(await filesOf(api, messageId).attachment(index), name);
    }, [api, messageId, index, name]),
  );
  if (index === null)
    return (
      <div className="flex items-start gap-2 rounded-lg bg-hover px-2.5 py-2 text-[0.8125rem] text-ink-2">
        {problem === null ? <ClipIcon /> : <WarningIcon />}
        <span>{problem ?? `${name} is being fetched.`}</span>
      </div>
    );
  return (
    <button
      type="button"
      onClick={() => void save.run()}
      disabled={save.isRunning}
      className="flex w-full max-w-80 items-center gap-2.5 rounded-lg bg-hover px-2.5 py-2 text-left"
    >
      <ClipIcon />
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium text-[0.8125rem]">
          <span className="sr-only">Save </span>
          {name}
        </span>
        <span className={`block text-xs ${save.problem ? 'text-bad-ink' : 'text-ink-3'}`}>
          {save.problem ?? (size_bytes === null ? part.content_type : sizeInWords(size_bytes))}
        </span>
      </span>
      <DownloadIcon />
    </button>
  );
}
