/** What is searched for, as the address bar says it. */
export interface Asked {
  readonly q?: string;
  /** `contact`, `conversation`, `message`, `note` */
  readonly kind?: string;
  readonly inbox?: string;
  readonly status?: string;
  readonly assignee?: string;
  readonly label?: string;
}

const NAMES = ['q', 'kind', 'inbox', 'status', 'assignee', 'label'] as const;

/** Reads the address bar; what it does not know is left out. */
export function askedOf(search: Readonly<Record<string, unknown>>): Asked {
  const found = NAMES.map((name) => [name, search[name]] as const);
  return Object.fromEntries(found.filter(([, value]) => typeof value === 'string' && value !== ''));
}

/** The request for a page of it. @param cursor  `next` of the page above; null for the first */
export function searchPath(asked: Asked, cursor: string | null): string {
  const query = new URLSearchParams(Object.entries(askedOf({ ...asked })) as [string, string][]);
  if (cursor !== null) query.set('cursor', cursor);
  return `/api/v1/search?${query}`;
}
