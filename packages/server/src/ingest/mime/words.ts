import { wordsOfHtml } from './html-words.ts';
import { PART_DEPTH_MAX, TEXT_MAX_BYTES } from './limits.ts';
import type { PartNode } from './mailparser-inside.ts';
import { cutBytes, storable } from './text.ts';

export interface Words {
  /** Null when no part is text. */
  readonly text: string | null;
  /** Null when no part is HTML. */
  readonly html: string | null;
  readonly truncated: boolean;
}

/**
 * The mail's text and its HTML. Within alternatives the two say the same, so each goes to its own; side by side they
 * follow each other, so each shows the other's words too and nothing is missing from either.
 */
export function wordsOf(tree: PartNode | null): Words {
  const pieces: Piece[] = [];
  if (tree) collect(tree, false, 0, pieces);
  const hasHtml = pieces.some((piece) => piece.kind === 'html');
  const hasText = pieces.some((piece) => piece.kind === 'text');
  const html = pieces.flatMap((piece) => {
    if (piece.kind === 'html') return [piece.content];
    return piece.alternative || piece.content.trim() === '' ? [] : [asHtml(piece.content)];
  });
  const text = pieces.flatMap((piece) => {
    if (piece.kind === 'text') return [piece.content];
    return piece.alternative ? [] : [wordsOfHtml(piece.content, TEXT_MAX_BYTES)];
  });
  const all = {
    text: hasText ? storable(text.filter((piece) => piece !== '').join('\n')) : null,
    html: hasHtml ? storable(html.join('<br>\n')) : null,
  };
  const cut = { text: cutOrNull(all.text), html: cutOrNull(all.html) };
  return { ...cut, truncated: cut.text !== all.text || cut.html !== all.html };
}

interface Piece {
  readonly kind: 'text' | 'html';
  readonly content: string;
  /** One of several forms of the same words. */
  readonly alternative: boolean;
}

function collect(node: PartNode, alternative: boolean, depth: number, pieces: Piece[]): void {
  if (depth > PART_DEPTH_MAX) return;
  if (node.textContent !== undefined) {
    const kind = node.contentType === 'text/html' ? 'html' : 'text';
    pieces.push({ kind, content: node.textContent, alternative });
  }
  const within = alternative || node.contentType === 'multipart/alternative';
  for (const child of node.children) collect(child, within, depth + 1, pieces);
}

function asHtml(text: string): string {
  const escaped = text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
  return `<pre style="white-space: pre-wrap">${escaped}</pre>`;
}
const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function cutOrNull(text: string | null): string | null {
  return text === null ? null : cutBytes(text, TEXT_MAX_BYTES);
}
