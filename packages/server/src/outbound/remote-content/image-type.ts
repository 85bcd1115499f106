/** What browsers show and cannot run; drawings in SVG are not among them. */
export type ImageType = 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp' | 'image/avif' | 'image/bmp';

const ftyp = Buffer.from('ftyp');

/** What the bytes are, whatever their sender says of them; null when they are no picture that is shown. */
export function imageType(bytes: Buffer): ImageType | null {
  const starts = (text: string, at = 0) => bytes.toString('latin1', at, at + text.length) === text;
  if (starts('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (starts('\xff\xd8\xff')) return 'image/jpeg';
  if (starts('GIF87a') || starts('GIF89a')) return 'image/gif';
  if (starts('RIFF') && starts('WEBP', 8)) return 'image/webp';
  if (bytes.subarray(4, 8).equals(ftyp) && (starts('avif', 8) || starts('avis', 8))) return 'image/avif';
  // The size of the header behind it, too: two letters alone begin many a text.
  if (starts('BM') && bytes.length > 26 && [12, 40, 108, 124].includes(bytes.readUInt32LE(14)))
    return 'image/bmp';
  return null;
}
