const MASKED = 0x80;

/** Texts of the WebSocket frames in these bytes, which hold whole frames, each with its size on the wire. */
export function readFrames(bytes: Buffer): { text: string; bytes: number }[] {
  const frames: { text: string; bytes: number }[] = [];
  for (let at = 0; at < bytes.length; ) {
    const short = bytes[at + 1] as number;
    if (bytes[at] !== 0x81 || (short & MASKED) !== 0) throw new Error('Not a final, unmasked text frame');
    const [length, header] =
      short < 126
        ? [short, 2]
        : short === 126
          ? [bytes.readUInt16BE(at + 2), 4]
          : [Number(bytes.readBigUInt64BE(at + 2)), 10];
    const end = at + header + length;
    if (end > bytes.length) throw new Error('Half a frame');
    frames.push({ text: bytes.toString('utf8', at + header, end), bytes: end - at });
    at = end;
  }
  return frames;
}
