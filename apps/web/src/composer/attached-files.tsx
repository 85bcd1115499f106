import { sizeInWords } from '../ui/bytes.ts';
import { ClipIcon, CloseIcon, WarningIcon } from '../ui/icons.tsx';
import type { AttachedFile } from './use-files.ts';

/** What goes with the next message, and how far it has got. */
export function AttachedFiles({
  files,
  onRemove,
}: {
  files: readonly AttachedFile[];
  onRemove: (key: number) => void;
}) {
  if (files.length === 0) return null;
  return (
    <ul aria-label="Files for this message" className="flex flex-wrap gap-1.5 px-3 pt-2">
      {files.map(({ key, name, sizeBytes, progress, uploadId, problem }) => (
        <li
          key={key}
          className={`flex max-w-64 items-center gap-2 rounded-md border py-1 pr-1 pl-2 text-xs ${problem ? 'border-bad text-bad-ink' : 'border-line'}`}
        >
          {problem ? <WarningIcon /> : <ClipIcon />}
          <span className="min-w-0">
            <span className="block truncate">{name}</span>
            <span className="block truncate text-ink-3">
              {problem ?? sizeInWords(sizeBytes)}
              {uploadId === null && !problem && (
                <progress
                  className="ml-2 h-1 w-16 accent-accent"
                  max={1}
                  value={progress}
                  aria-label={`Uploading ${name}`}
                />
              )}
            </span>
          </span>
          <button
            type="button"
            onClick={() => onRemove(key)}
            aria-label={`Remove ${name}`}
            className="rounded p-1 text-ink-3 hover:bg-hover hover:text-ink"
          >
            <CloseIcon />
          </button>
        </li>
      ))}
    </ul>
  );
}
