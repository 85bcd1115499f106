import { createHash } from 'node:crypto';
import type { StoredFile } from './customer.ts';

const FILES_MAX = 500;
const BYTES_MAX = 256 << 20;

/** Files that were uploaded, or sent by customers; the oldest go when there are too many. */
export class Files {
  private readonly files = new Map<string, StoredFile>();
  private bytes = 0;
  private count = 0;

  put(file: StoredFile): { id: string; sha256: string } {
    this.count += 1;
    const id = String(1_908_647_000_000_000 + this.count);
    this.files.set(id, file);
    this.bytes += file.bytes.length;
    for (const [oldest, { bytes }] of this.files) {
      if (this.files.size <= FILES_MAX && this.bytes <= BYTES_MAX) break;
      this.files.delete(oldest);
      this.bytes -= bytes.length;
    }
    return { id, sha256: createHash('sha256').update(file.bytes).digest('base64') };
  }

  get(id: string): StoredFile | undefined {
    return this.files.get(id);
  }

  delete(id: string): boolean {
    this.bytes -= this.files.get(id)?.bytes.length ?? 0;
    return this.files.delete(id);
  }
}

/**
 * The fields of a form, and its one file.
 *
 * @returns null for what is no such form
 */
export function readForm(
  body: Buffer,
  contentType: string,
): { fields: Map<string, string>; file: (StoredFile & { filename: string }) | null } | null {
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1];
  if (boundary === undefined) return null;
  const fields = new Map<string, string>();
  let file: (StoredFile & { filename: string }) | null = null;
  const mark = Buffer.from(`--${boundary}`);
  let start = body.indexOf(mark);
  while (start !== -1) {
    const end = body.indexOf(mark, start + mark.length);
    if (end === -1) break;
    // Between the line of the mark and the line break before the next one.
    const part = body.subarray(start + mark.length + 2, end - 2);
    const split = part.indexOf('\r\n\r\n');
    if (split === -1) return null;
    const head = part.toString('utf8', 0, split);
    const content = part.subarray(split + 4);
    const name = /name="([^"]*)"/.exec(head)?.[1] ?? '';
    const filename = /filename="([^"]*)"/.exec(head)?.[1];
    if (filename === undefined) fields.set(name, content.toString('utf8'));
    else {
      const content_type = /^content-type:\s*(.+)$/im.exec(head)?.[1]?.trim() ?? 'application/octet-stream';
      file = { bytes: Buffer.from(content), content_type, filename };
    }
    start = end;
  }
  return { fields, file };
}
