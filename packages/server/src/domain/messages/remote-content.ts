import { z } from 'zod';
import { defineQuery, EVERY_ROLE } from '../../commands/index.ts';
import { seenMessage } from './queries.ts';

/**
 * Whether a message names this address in its HTML, so that what is fetched for its readers is only what it shows.
 *
 * @throws message.unknown
 */
export const namesContent = defineQuery({
  name: 'message.names_content',
  input: z.object({ message_id: z.string(), url: z.string() }),
  may: { roles: EVERY_ROLE, scope: 'read' },
  async run(context, { message_id, url }): Promise<boolean> {
    const { content } = await seenMessage(context, message_id);
    const { html } = JSON.parse(content) as { readonly html: string | null };
    return html !== null && isNamedIn(html, url);
  },
});

/** As it stands there, or with what HTML escapes in it. Not a parser: this runs for each picture, beside the writes. */
export function isNamedIn(html: string, url: string): boolean {
  return html.includes(url) || (html.includes('&') && unescaped(html).includes(url));
}

function unescaped(html: string): string {
  return html
    .replace(/&#(?:x([0-9a-f]{1,6})|(\d{1,7}));?/gi, (whole, hex, decimal) => {
      const code = hex ? Number.parseInt(hex, 16) : Number(decimal);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    })
    .replace(/&(?:amp|quot|apos|lt|gt);/g, (entity) => ENTITIES[entity] ?? entity);
}
const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&quot;': '"',
  '&apos;': "'",
  '&lt;': '<',
  '&gt;': '>',
};
