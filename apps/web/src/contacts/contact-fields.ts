/** A field of the organisation's own while it is edited. */
export interface FieldRow {
  readonly key: number;
  readonly name: string;
  readonly value: string;
}

/** What was typed with commas, semicolons or lines between. */
export function listOf(written: string): string[] {
  return [...new Set(written.split(/[,;\n]/).map((one) => one.trim()))].filter((one) => one !== '');
}

/** Fields without a name or a value are none; of two with one name the later counts. */
export function fieldsOf(rows: readonly FieldRow[]): Record<string, string> {
  const named = rows.map(({ name, value }) => [name.trim(), value.trim()] as const);
  return Object.fromEntries(named.filter(([name, value]) => name !== '' && value !== ''));
}
