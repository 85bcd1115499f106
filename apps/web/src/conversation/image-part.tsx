import { useState } from 'react';
import { FilePart } from './file-part.tsx';
import { ImageDialog } from './image-dialog.tsx';
import { type FileOfMessage, LOADED_BY_ITSELF_MAX_BYTES, SHOWN_IMAGES } from './media.ts';
import { useFile } from './use-file.ts';
import { useInSight } from './use-in-sight.ts';

/** A picture, small in the thread and as large as the window on demand. */
export function ImagePart({ messageId, part }: { messageId: string; part: FileOfMessage }) {
  const { ref, wasInSight } = useInSight();
  const [isLarge, setLarge] = useState(false);
  const [cannotShow, setCannotShow] = useState(false);
  const isShown = part.index !== null && SHOWN_IMAGES.test(part.content_type) && !cannotShow;
  const isSmall = (part.size_bytes ?? 0) <= LOADED_BY_ITSELF_MAX_BYTES;
  const { url, problem } = useFile(
    messageId,
    isShown ? part.index : null,
    part.content_type,
    wasInSight && isSmall,
  );
  if (!isShown || problem !== null || !isSmall)
    return (
      <div ref={ref}>
        <FilePart messageId={messageId} part={part} />
      </div>
    );
  const name = part.filename || 'Picture';
  return (
    <div ref={ref}>
      <button
        type="button"
        onClick={() => setLarge(true)}
        disabled={url === null}
        aria-label={`Show ${name}`}
        className={`block overflow-hidden rounded-lg bg-hover ${part.type === 'sticker' ? 'max-h-32' : 'max-h-72'}`}
      >
        {url === null ? (
          <span className="grid h-40 w-56 place-items-center text-ink-3 text-xs">Loading the picture…</span>
        ) : (
          <img
            src={url}
            alt={name}
            onError={() => setCannotShow(true)}
            className={`max-w-full object-contain ${part.type === 'sticker' ? 'max-h-32' : 'max-h-72'}`}
          />
        )}
      </button>
      {isLarge && url !== null && <ImageDialog url={url} name={name} onClose={() => setLarge(false)} />}
    </div>
  );
}
