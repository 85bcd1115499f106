import type { TemplateRow } from '@roost/protocol';
import { useList } from '@roost/react';
import { usable } from './template.ts';

/** The templates that may be sent from an inbox. */
export function useTemplates(inboxId: string | null) {
  const { rows, isLoading } = useList('templates', { limit: 200 });
  return { templates: usable(rows as readonly TemplateRow[], inboxId), isLoading };
}
