/** Who wrote a message. `name` is what a list shows; `address` is empty when the header holds none. */
export interface Author {
  readonly name: string;
  readonly address: string;
}

/**
 * Reads `Ann Lee <ann@example.org>`, `"Lee, Ann" <ann@example.org>`, `<ann@example.org>` or a bare address.
 * A name that poses as an address other than the real one is not shown as a name.
 */
export function authorOf(from: string): Author {
  const text = from.trim();
  const open = text.lastIndexOf('<');
  if (open === -1 || !text.endsWith('>')) {
    return { name: text || 'Unknown sender', address: text.includes('@') ? text : '' };
  }
  const address = text.slice(open + 1, -1).trim();
  const name = unquoted(text.slice(0, open).trim());
  const isPosing = name.includes('@') && name.toLowerCase() !== address.toLowerCase();
  return { name: (isPosing ? address : name || address) || 'Unknown sender', address };
}

function unquoted(name: string): string {
  if (!(name.length > 1 && name.startsWith('"') && name.endsWith('"'))) return name;
  return name.slice(1, -1).replace(/\\(.)/g, '$1').trim();
}
