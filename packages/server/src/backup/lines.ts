import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

const PIECE_BYTES = 1 << 20;
const LINE_FEED = 0x0a;

export interface Written {
  readonly count: number;
  /** SHA-256 of the file, in hexadecimal. */
  readonly sha256: string;
}

/** A new file of lines of JSON, readable by its owner alone: it holds mail and digests of secrets. */
export class LineWriter {
  private readonly hash = createHash('sha256');
  private count = 0;
  /** One write at a time, so that the file has the order of the digest. */
  private turn: Promise<void> = Promise.resolve();

  private constructor(private readonly file: FileHandle) {}

  static async create(path: string): Promise<LineWriter> {
    return new LineWriter(await open(path, 'wx', 0o600));
  }

  async write(values: readonly unknown[]): Promise<void> {
    if (values.length === 0) return;
    const bytes = Buffer.from(`${values.map((value) => JSON.stringify(value)).join('\n')}\n`);
    this.hash.update(bytes);
    this.count += values.length;
    this.turn = this.turn.then(() => this.append(bytes));
    await this.turn;
  }

  private async append(bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.length; ) at += (await this.file.write(bytes, at)).bytesWritten;
  }

  /** Resolves once the lines survive a power cut. */
  async finish(): Promise<Written> {
    await this.file.sync();
    await this.file.close();
    return { count: this.count, sha256: this.hash.digest('hex') };
  }

  /** Closes a file that nobody will read. */
  async abandon(): Promise<void> {
    await this.file.close().catch(() => {});
  }
}

/**
 * The lines of a file, one in memory at a time. Not by `readline`, which ends lines at U+2028 too, and JSON
 * leaves those as they are.
 */
export async function* readLines(path: string): AsyncGenerator<string> {
  let begun: Buffer[] = [];
  for await (const piece of createReadStream(path, { highWaterMark: PIECE_BYTES }) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let end = piece.indexOf(LINE_FEED); end !== -1; end = piece.indexOf(LINE_FEED, from)) {
      yield Buffer.concat([...begun, piece.subarray(from, end)]).toString();
      begun = [];
      from = end + 1;
    }
    if (from < piece.length) begun.push(piece.subarray(from));
  }
  if (begun.length > 0) yield Buffer.concat(begun).toString();
}

/** SHA-256 of a file, in hexadecimal. */
export async function digestOfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path, { highWaterMark: PIECE_BYTES })) hash.update(piece);
  return hash.digest('hex');
}
