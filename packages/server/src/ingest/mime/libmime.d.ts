/** The part of libmime used here; it comes without types. */
declare module 'libmime' {
  interface Libmime {
    /** Replaces encoded words (RFC 2047) by what they say. */
    decodeWords(text: string): string;
    /** Reads `value; name=value`, with continuations and charsets of RFC 2231. */
    parseHeaderValue(text: string): { value: string | false; params: Record<string, string> };
    /** `bin` for a type without a known one. */
    detectExtension(contentType: string): string;
  }
  const libmime: Libmime;
  export default libmime;
}

declare module 'libmime/lib/charset.js' {
  const charset: {
    /** Falls back to UTF-8 for a charset it does not know; never throws. */
    decode(bytes: Uint8Array, charset: string): string;
  };
  export default charset;
}
