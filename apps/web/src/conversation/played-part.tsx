import { Button } from '../ui/button.tsx';
import { sizeInWords } from '../ui/bytes.ts';
import { FilePart } from './file-part.tsx';
import { type FileOfMessage, PLAYED } from './media.ts';
import { useFile } from './use-file.ts';

const words = { audio: 'Sound', voice: 'Voice message', video: 'Video' } as const;

/** Sound and video: fetched when somebody wants to hear or see it. */
export function PlayedPart({ messageId, part }: { messageId: string; part: FileOfMessage }) {
  const { url, problem, load } = useFile(messageId, part.index, part.content_type, false);
  const name = part.type in words ? words[part.type as keyof typeof words] : part.filename;
  if (part.index === null || problem !== null || !PLAYED.test(part.content_type))
    return <FilePart messageId={messageId} part={part} />;
  if (url === null)
    return (
      <Button onClick={load} className="h-9 justify-start">
        <span aria-hidden="true">▶</span> {name}
        {part.size_bytes !== null && <span className="text-ink-3">{sizeInWords(part.size_bytes)}</span>}
      </Button>
    );
  // What people say to each other comes without a track of captions.
  return part.type === 'video' ? (
    // biome-ignore lint/a11y/useMediaCaption: see above
    <video controls autoPlay src={url} aria-label={name} className="max-h-72 max-w-full rounded-lg" />
  ) : (
    // biome-ignore lint/a11y/useMediaCaption: see above
    <audio controls autoPlay src={url} aria-label={name} className="h-10 w-64 max-w-full" />
  );
}
