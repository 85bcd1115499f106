const NAME_MAX_CHARS = 200;

/**
 * `Content-Disposition: attachment` with a name that every browser understands: plain ASCII for the old ones
 * (RFC 6266) and the real one in UTF-8 (RFC 8187). Nothing a sender chose can end the header or leave the folder.
 */
export function attachmentNamed(filename: string): string {
  const name = safeName(filename);
  const ascii = name.replace(/[^\x20-\x7e]/g, '_').replace(/["\\%]/g, '_');
  const plain = `attachment; filename="${ascii}"`;
  return ascii === name ? plain : `${plain}; filename*=UTF-8''${encodeExtended(name)}`;
}

function safeName(filename: string): string {
  const name = filename
    .replace(/\p{Surrogate}/gu, '')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not stay
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/[/\\]/g, '_')
    .replace(/^\.+/, '')
    .trim();
  return [...name].slice(0, NAME_MAX_CHARS).join('') || 'attachment';
}

/** `attr-char` of RFC 8187 stays as it is; `encodeURIComponent` leaves a few more. */
function encodeExtended(name: string): string {
  return encodeURIComponent(name).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** A media type as a sender wrote it, if it is one at all. */
export function safeContentType(written: string): string {
  return /^[a-z0-9!#$&^_.+-]{1,60}\/[a-z0-9!#$&^_.+-]{1,100}$/i.test(written)
    ? written
    : 'application/octet-stream';
}
