import { systemClock } from '@roost/client';
import type { Attachment } from '@roost/protocol';
import { useEffect, useMemo, useState } from 'react';
import { cleanHtml } from './clean-html.ts';
import { frameDocument } from './frame-document.ts';
import { inlineImages, loadInlineImages } from './inline-images.ts';
import type { MessageFiles } from './message-files.ts';

/** Images that come later than this are not waited for: a frame that is written twice loses its reader's place. */
const IMAGES_DEADLINE_MS = 8_000;
const NO_IMAGES: ReadonlyMap<string, string> = new Map();

interface HtmlPanelProps {
  readonly html: string;
  readonly attachments: readonly Attachment[];
  readonly files: MessageFiles;
}

/** A mail's HTML in a frame that can neither run, nor load, nor reach this page. */
export function HtmlPanel({ html, attachments, files }: HtmlPanelProps) {
  const clean = useMemo(() => cleanHtml(html), [html]);
  const images = useImages(clean.contentIds, attachments, files);
  const page = useMemo(() => images && frameDocument(clean.root, images), [clean, images]);
  return (
    <>
      {clean.remoteImageCount > 0 && (
        <p className="py-2 text-[0.8125rem] text-ink-3">
          Remote images are not loaded, so the sender does not learn that you opened this.
        </p>
      )}
      {page === null ? (
        <p className="py-4 text-ink-3">Loading the images in this message…</p>
      ) : (
        <iframe
          title="Message text"
          sandbox="allow-popups allow-popups-to-escape-sandbox"
          referrerPolicy="no-referrer"
          srcDoc={page}
          className="min-h-[60dvh] w-full flex-1 rounded-b-md bg-white"
        />
      )}
    </>
  );
}

/** Null while they are on their way. */
function useImages(
  contentIds: readonly string[],
  attachments: readonly Attachment[],
  files: MessageFiles,
): ReadonlyMap<string, string> | null {
  const wanted = useMemo(() => inlineImages(contentIds, attachments), [contentIds, attachments]);
  const [loaded, setLoaded] = useState<ReadonlyMap<string, string> | null>(null);
  useEffect(() => {
    if (wanted.length === 0) return;
    let isOver = false;
    const show = (images: ReadonlyMap<string, string>) => {
      if (!isOver) setLoaded(images);
      isOver = true;
    };
    const met = systemClock.after(IMAGES_DEADLINE_MS, () => show(NO_IMAGES));
    void loadInlineImages(wanted, files.attachment).then(show);
    return () => {
      isOver = true;
      met();
    };
  }, [wanted, files]);
  return wanted.length === 0 ? NO_IMAGES : loaded;
}
