import type { CannedReplyRow } from '@roost/protocol';

/** What the variables of a canned reply stand for. */
export interface Values {
  readonly 'contact.name': string;
  readonly 'agent.name': string;
  readonly 'conversation.subject': string;
}

const OFFERED_MAX = 8;
const VARIABLE = /\{\{\s*([\w.]+)\s*\}\}/g;
/** `/word` at the caret, at the beginning or after white space. */
const SLASH_WORD = /(?:^|\s)\/([\p{L}\p{N}_-]{0,40})$/u;

/** The word after `/` that ends at the caret; null where none is being typed. */
export function slashWord(text: string, caret: number): string | null {
  return SLASH_WORD.exec(text.slice(0, caret))?.[1]?.toLowerCase() ?? null;
}

/** Canned replies for what was typed: by shortcut first, then by title, then by text. */
export function offered(replies: readonly CannedReplyRow[], word: string): CannedReplyRow[] {
  const rank = ({ shortcut, title, text }: CannedReplyRow) =>
    shortcut.startsWith(word)
      ? 0
      : title.toLowerCase().includes(word)
        ? 1
        : text.toLowerCase().includes(word)
          ? 2
          : null;
  return replies
    .flatMap((reply) => {
      const of = rank(reply);
      return of === null ? [] : [{ reply, of }];
    })
    .sort((a, b) => a.of - b.of || a.reply.shortcut.localeCompare(b.reply.shortcut))
    .slice(0, OFFERED_MAX)
    .map(({ reply }) => reply);
}

/** Variables that nobody knows stay as they are: better seen before sending than missing after. */
export function filled(text: string, values: Values): string {
  return text.replace(VARIABLE, (written, name: string) =>
    Object.hasOwn(values, name) ? values[name as keyof Values] : written,
  );
}

/** Puts a reply in the place of the `/word` before the caret. */
export function inserted(text: string, caret: number, reply: string): { text: string; caret: number } {
  const word = slashWord(text, caret);
  const from = word === null ? caret : caret - word.length - 1;
  return { text: text.slice(0, from) + reply + text.slice(caret), caret: from + reply.length };
}
