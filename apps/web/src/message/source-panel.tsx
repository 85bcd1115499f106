import { useCallback, useEffect, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { sizeInWords } from '../ui/bytes.ts';
import { DownloadIcon } from '../ui/icons.tsx';
import { Notice } from '../ui/notice.tsx';
import { useAction } from '../ui/use-action.ts';
import type { MessageFiles } from './message-files.ts';
import { saveFile } from './save-file.ts';

/** Past this a page of text helps nobody; the download holds all of it. */
const SHOWN_MAX_BYTES = 500_000;

interface SourcePanelProps {
  readonly messageId: string;
  readonly files: MessageFiles;
}

/** The message as it came over the wire. */
export function SourcePanel({ messageId, files }: SourcePanelProps) {
  const [source, setSource] = useState<{ bytes: Blob; text: string } | null>(null);
  const load = useAction(
    useCallback(async () => {
      const bytes = await files.source();
      setSource({ bytes, text: await bytes.slice(0, SHOWN_MAX_BYTES).text() });
    }, [files]),
  );
  const { run } = load;
  useEffect(() => void run(), [run]);

  if (load.problem)
    return (
      <div className="py-4">
        <Notice tone="bad" action={<Button onClick={run}>Try again</Button>}>
          The source could not be loaded. {load.problem}
        </Notice>
      </div>
    );
  if (source === null) return <p className="py-4 text-ink-3">Loading the source…</p>;
  const isCut = source.bytes.size > SHOWN_MAX_BYTES;
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-2 py-2 text-[0.8125rem] text-ink-3">
        <span>
          {isCut
            ? `The first ${sizeInWords(SHOWN_MAX_BYTES)} of ${sizeInWords(source.bytes.size)}`
            : sizeInWords(source.bytes.size)}
        </span>
        <Button onClick={() => saveFile(source.bytes, `${messageId}.eml`)}>
          <DownloadIcon /> Download .eml
        </Button>
      </div>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        className="max-h-[70dvh] flex-1 overflow-auto rounded-md bg-hover p-3 font-mono text-xs"
      >
        {source.text}
      </pre>
    </>
  );
}
