/** Who wrote a mail, as its `From` names them: `Ann Lee <ann@example.org>`, or a bare address. */
export function authorOf(from: string): { readonly name: string; readonly address: string } {
  const open = from.lastIndexOf('<');
  const close = from.lastIndexOf('>');
  if (open === -1 || close < open) return { name: '', address: from.trim().toLowerCase() };
  const name = from
    .slice(0, open)
    .trim()
    .replace(/^"(.*)"$/, '$1')
    .trim();
  return {
    name,
    address: from
      .slice(open + 1, close)
      .trim()
      .toLowerCase(),
  };
}
