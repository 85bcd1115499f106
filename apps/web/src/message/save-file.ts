import { systemClock } from '@roost/client';

/** Browsers start reading at once; after this long the bytes may be let go. */
const KEEP_MS = 60_000;

/** Hands bytes to the browser's download, under a name. They are never opened in our page. */
export function saveFile(bytes: Blob, filename: string): void {
  const url = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = filename;
  link.click();
  systemClock.after(KEEP_MS, () => URL.revokeObjectURL(url));
}
