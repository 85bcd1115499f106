import { troubleInWords } from '../../whatsapp-trouble.ts';
import { fieldOf, type Graph, textOf } from './graph.ts';

const PAGE_ROWS = 100;
/** The most an account may have is 6,000. */
const TEMPLATES_MAX = 6_000;

export interface ListedTemplate {
  readonly id: string;
  readonly name: string;
  readonly language: string;
  /** Upper case, such as `UTILITY`. */
  readonly category: string;
  /** Upper case, such as `APPROVED`. */
  readonly status: string;
  readonly components: readonly unknown[];
}

export type ListedTemplates =
  | { readonly kind: 'listed'; readonly templates: readonly ListedTemplate[] }
  | { readonly kind: 'failed'; readonly says: string };

/** Every template of an account, page after page. */
export async function listTemplates(
  graph: Graph,
  accountId: string,
  token: string,
  signal: AbortSignal,
): Promise<ListedTemplates> {
  const templates: ListedTemplate[] = [];
  let after = '';
  while (templates.length < TEMPLATES_MAX) {
    const query = { fields: 'id,name,language,category,status,components', limit: String(PAGE_ROWS) };
    const told = await graph.get(
      `${encodeURIComponent(accountId)}/message_templates`,
      after === '' ? query : { ...query, after },
      token,
      signal,
    );
    if (told.kind === 'refused') {
      const why = told.trouble === null ? `WhatsApp answered ${told.status}` : troubleInWords(told.trouble);
      return { kind: 'failed', says: `The templates could not be listed: ${why}.` };
    }
    if (told.kind !== 'done')
      return { kind: 'failed', says: `The templates could not be listed. ${told.says}.` };
    const rows = fieldOf(told.value, 'data');
    if (!Array.isArray(rows)) return { kind: 'failed', says: 'The list of templates could not be read.' };
    templates.push(...rows.flatMap(templateOf));
    const next = textOf(fieldOf(fieldOf(fieldOf(told.value, 'paging'), 'cursors'), 'after'));
    const hasNext = fieldOf(fieldOf(told.value, 'paging'), 'next') !== undefined;
    // A page that leads to itself would never end.
    if (!hasNext || next === '' || next === after || rows.length === 0) break;
    after = next;
  }
  return { kind: 'listed', templates };
}

/** Nothing for a row without id, name or language. */
function templateOf(row: unknown): ListedTemplate[] {
  const text = (name: string) => textOf(fieldOf(row, name));
  const [id, name, language] = [text('id'), text('name'), text('language')];
  if (id === '' || name === '' || language === '') return [];
  const components = fieldOf(row, 'components');
  return [
    {
      id,
      name,
      language,
      category: text('category').toUpperCase(),
      status: text('status').toUpperCase(),
      components: Array.isArray(components) ? components : [],
    },
  ];
}

/** What people see of a template: its texts. */
export function describeTemplate({ name, language, category, status, components }: ListedTemplate) {
  const textOfType = (type: string) => {
    const found = components.find((one) => textOf(fieldOf(one, 'type')).toUpperCase() === type);
    return textOf(fieldOf(found, 'text'));
  };
  return {
    name,
    language,
    category,
    status,
    body: textOfType('BODY').slice(0, 10_000),
    header: textOfType('HEADER').slice(0, 1_000),
    footer: textOfType('FOOTER').slice(0, 1_000),
  };
}
