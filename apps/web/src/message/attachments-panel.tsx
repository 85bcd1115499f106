import type { Attachment } from '@roost/protocol';
import { useCallback } from 'react';
import { Button } from '../ui/button.tsx';
import { sizeInWords } from '../ui/bytes.ts';
import { DownloadIcon } from '../ui/icons.tsx';
import { Notice } from '../ui/notice.tsx';
import { useAction } from '../ui/use-action.ts';
import type { MessageFiles } from './message-files.ts';
import { saveFile } from './save-file.ts';

interface AttachmentsPanelProps {
  readonly attachments: readonly Attachment[];
  readonly files: MessageFiles;
}

export function AttachmentsPanel({ attachments, files }: AttachmentsPanelProps) {
  return (
    <ul className="divide-y divide-line py-2">
      {attachments.map((attachment) => (
        <AttachmentItem key={attachment.index} attachment={attachment} files={files} />
      ))}
    </ul>
  );
}

function AttachmentItem({ attachment, files }: { attachment: Attachment; files: MessageFiles }) {
  const { index, content_type, size_bytes } = attachment;
  const filename = attachment.filename || `attachment-${index + 1}`;
  const download = useAction(
    useCallback(async () => saveFile(await files.attachment(index), filename), [files, index, filename]),
  );
  return (
    <li className="py-2.5">
      <div className="flex items-center gap-3">
        <div className="min-w-0 flex-1">
          <div className="truncate font-medium" title={filename}>
            {filename}
          </div>
          <div className="truncate text-[0.8125rem] text-ink-3">
            {content_type} · {sizeInWords(size_bytes)}
            {attachment.inline && ' · inline'}
          </div>
        </div>
        <Button onClick={download.run} disabled={download.isRunning} aria-label={`Download ${filename}`}>
          <DownloadIcon />
          {download.isRunning ? 'Downloading…' : 'Download'}
        </Button>
      </div>
      {download.problem && (
        <div className="mt-2">
          <Notice tone="bad">Could not download it. {download.problem}</Notice>
        </div>
      )}
    </li>
  );
}
