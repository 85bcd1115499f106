import { systemClock } from '@roost/client';
import type { Attachment } from '@roost/protocol';
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { useTheme } from '../ui/theme.ts';
import { cleanHtml } from './clean-html.ts';
import { frameDocument } from './frame-document.ts';
import { inlineImages, loadInlineImages } from './inline-images.ts';
import { LinkTargets } from './link-targets.tsx';
import type { MessageFiles } from './message-files.ts';
import {
  addressOf,
  allowMessage,
  allowSender,
  forbidSender,
  isSenderAllowed,
  useRemoteAllowed,
} from './remote-allowed.ts';
import { loadRemoteImages, type RemoteImages } from './remote-images.ts';

/** Images that come later than this are not waited for: a frame that is written twice loses its reader's place. */
const IMAGES_DEADLINE_MS = 8_000;
const NO_IMAGES: ReadonlyMap<string, string> = new Map();

interface HtmlPanelProps {
  readonly html: string;
  readonly attachments: readonly Attachment[];
  readonly files: MessageFiles;
  /** Who wrote it; where it is left out, its sender cannot be allowed for the future. */
  readonly from?: string;
}

/** A mail's HTML in a frame that can neither run, nor load, nor reach this page. */
export function HtmlPanel({ html, attachments, files, from }: HtmlPanelProps) {
  const clean = useMemo(() => cleanHtml(html), [html]);
  const isAllowed = useRemoteAllowed(files.messageId, from ?? null);
  const inline = useImages(clean.contentIds, attachments, files);
  const remote = useRemote(clean.remoteAddresses, isAllowed, files);
  const isDark = useIsDark();
  const page = useMemo(() => {
    if (inline === null) return null;
    const images = remote === null ? inline : new Map([...inline, ...remote.images]);
    return frameDocument(clean, images, isDark);
  }, [clean, inline, remote, isDark]);
  const isOnWhite = clean.setsColours || !isDark;
  return (
    <>
      {clean.remoteAddresses.length > 0 && (
        <RemoteNotice messageId={files.messageId} from={from ?? null} isAllowed={isAllowed} remote={remote} />
      )}
      <LinkTargets links={clean.links} />
      {page === null ? (
        <p className="py-4 text-ink-3">Loading the images in this message…</p>
      ) : (
        <iframe
          title="Message text"
          sandbox="allow-popups allow-popups-to-escape-sandbox"
          referrerPolicy="no-referrer"
          srcDoc={page}
          className={`min-h-[60dvh] w-full flex-1 rounded-b-md ${isOnWhite ? 'bg-white' : 'bg-surface'}`}
        />
      )}
    </>
  );
}

interface RemoteNoticeProps {
  readonly messageId: string;
  readonly from: string | null;
  readonly isAllowed: boolean;
  readonly remote: RemoteImages | null;
}

/** What of other servers is missing, why, and how to have it. */
function RemoteNotice({ messageId, from, isAllowed, remote }: RemoteNoticeProps) {
  const sender = from === null ? null : addressOf(from);
  if (isAllowed) {
    return (
      <p
        role="status"
        className="flex flex-wrap items-baseline gap-x-3 py-2 text-[0.8125rem] text-ink-3 empty:hidden"
      >
        {loadedInWords(remote)}
        {from !== null && isSenderAllowed(from) && (
          <Button className="h-6 px-2 text-xs" onClick={() => forbidSender(from)}>
            Stop loading images from {sender}
          </Button>
        )}
      </p>
    );
  }
  return (
    <div className="py-2">
      <Notice
        tone="plain"
        action={
          <span className="flex flex-wrap gap-2">
            <Button onClick={() => allowMessage(messageId)}>Load images</Button>
            {sender !== null && from !== null && (
              <Button onClick={() => allowSender(from)}>Always from {sender}</Button>
            )}
          </span>
        }
      >
        Remote images are not loaded, so the sender does not learn that you opened this. Loaded, they come
        through this server.
      </Notice>
    </div>
  );
}

function loadedInWords(remote: RemoteImages | null): string | null {
  if (remote === null) return 'Loading remote images…';
  const { missingCount, why } = remote;
  if (missingCount === 0) return null;
  const count = missingCount === 1 ? 'One remote image' : `${missingCount} remote images`;
  return `${count} could not be loaded. ${why ?? ''}`;
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

/** Null until they are all here, or not to be had. */
function useRemote(
  addresses: readonly string[],
  isAllowed: boolean,
  files: MessageFiles,
): RemoteImages | null {
  const [loaded, setLoaded] = useState<RemoteImages | null>(null);
  useEffect(() => {
    setLoaded(null);
    if (!isAllowed || addresses.length === 0) return;
    let isOver = false;
    void loadRemoteImages(addresses, files.remote).then((images) => {
      if (!isOver) setLoaded(images);
    });
    return () => {
      isOver = true;
    };
  }, [addresses, isAllowed, files]);
  return loaded;
}

const DARK = '(prefers-color-scheme: dark)';

function useIsDark(): boolean {
  const theme = useTheme();
  const isSystemDark = useSyncExternalStore(
    (listener) => {
      const query = window.matchMedia(DARK);
      query.addEventListener('change', listener);
      return () => query.removeEventListener('change', listener);
    },
    () => window.matchMedia(DARK).matches,
  );
  return theme === 'dark' || (theme === 'system' && isSystemDark);
}
