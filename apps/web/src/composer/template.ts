import type { TemplateRow } from '@roost/protocol';

/** A template with its values, and how it reads with them. */
export interface ChosenTemplate {
  readonly template: { readonly name: string; readonly language: string; readonly parameters: string[] };
  readonly reads: string;
}

/** A template's text with its places filled; an empty one stays visible as its number. */
export function preview(body: string, values: readonly string[]): string {
  return body.replace(/\{\{(\d{1,3})\}\}/g, (place, number: string) => values[Number(number) - 1] || place);
}

/** Those that WhatsApp lets through for an inbox, in the order of their names. */
export function usable(templates: readonly TemplateRow[], inboxId: string | null): TemplateRow[] {
  return templates
    .filter(({ inbox_id, status }) => inbox_id === inboxId && status === 'APPROVED')
    .sort((a, b) => a.name.localeCompare(b.name) || a.language.localeCompare(b.language));
}
