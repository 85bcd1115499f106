import type { Attachment } from '@roost/protocol';

/** Kinds of image a frame may show; drawings in SVG stay attachments. */
const IMAGE_TYPES = new Set([
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'image/avif',
  'image/bmp',
]);
const IMAGE_MAX_BYTES = 5_000_000;
const ALL_IMAGES_MAX_BYTES = 15_000_000;

/**
 * Which attachments the HTML asks for by Content-ID and may have: images, within the bounds, first come first served.
 * The others stay among the attachments.
 */
export function inlineImages(
  contentIds: readonly string[],
  attachments: readonly Attachment[],
): readonly (Attachment & { readonly content_id: string })[] {
  let bytes = 0;
  return contentIds.flatMap((contentId) => {
    const found = attachments.find((attachment) => attachment.content_id === contentId);
    if (!found || !IMAGE_TYPES.has(found.content_type.toLowerCase())) return [];
    if (found.size_bytes > IMAGE_MAX_BYTES || bytes + found.size_bytes > ALL_IMAGES_MAX_BYTES) return [];
    bytes += found.size_bytes;
    return { ...found, content_id: contentId };
  });
}

/**
 * Fetches them as data: URLs by Content-ID. One that cannot be had is left out: the rest of the mail can be read.
 *
 * @param fetchBytes  of the attachment at this index
 */
export async function loadInlineImages(
  wanted: ReturnType<typeof inlineImages>,
  fetchBytes: (index: number) => Promise<Blob>,
): Promise<Map<string, string>> {
  const loaded = new Map<string, string>();
  await Promise.all(
    wanted.map(async ({ index, content_id, content_type }) => {
      try {
        const bytes = await fetchBytes(index);
        if (bytes.size <= IMAGE_MAX_BYTES)
          loaded.set(content_id, await dataUrl(bytes, content_type.toLowerCase()));
      } catch {
        // Shown without this image.
      }
    }),
  );
  return loaded;
}

function dataUrl(bytes: Blob, type: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(bytes.slice(0, bytes.size, type));
  });
}
