import type { TemplateRow } from '@roost/protocol';
import { z } from 'zod';
import { type CommandContext, defineCommand } from '../../commands/index.ts';
import { knownInbox } from '../inboxes/inbox.ts';

const listed = z.object({
  name: z.string().max(512),
  language: z.string().max(32),
  category: z.string().max(64),
  status: z.string().max(64),
  body: z.string().max(10_000),
  header: z.string().max(1_000),
  footer: z.string().max(1_000),
});
export type ListedTemplate = z.output<typeof listed>;

export interface SyncedTemplates {
  readonly count: number;
  readonly changed_count: number;
}

/** Makes the templates of an inbox what the platform has: adds, changes and removes. @throws inbox.unknown */
export const syncTemplates = defineCommand({
  name: 'template.sync',
  input: z.object({ inbox_id: z.string(), templates: z.array(listed).max(6_000) }),
  may: { roles: [] },
  weight: ({ templates }) => templates.length,
  async run(context, { inbox_id, templates }): Promise<SyncedTemplates> {
    const { tx, org } = context;
    await knownInbox(tx, org, inbox_id);
    const known = new Map((await templatesOf(context, inbox_id)).map((row) => [keyOf(row), row]));
    let changed_count = 0;
    for (const template of new Map(templates.map((one) => [keyOf(one), one])).values()) {
      const before = known.get(keyOf(template)) ?? null;
      known.delete(keyOf(template));
      if (await keep(context, inbox_id, template, before)) changed_count += 1;
    }
    for (const gone of known.values()) {
      await tx.run('delete from template where org = ? and id = ?', org, gone.id);
      context.changed('template', gone.id, gone, null);
      changed_count += 1;
    }
    return { count: templates.length, changed_count };
  },
});

/** The platform says that a template was approved, refused or paused. One that is not here comes with the next sync. */
export const setTemplateStatus = defineCommand({
  name: 'template.status',
  input: z.object({
    inbox_id: z.string(),
    name: z.string(),
    language: z.string(),
    status: z.string().max(64),
  }),
  may: { roles: [] },
  async run(context, { inbox_id, name, language, status }): Promise<boolean> {
    const found = await context.tx.get<{ row: string }>(
      'select "row" from template where org = ? and inbox_id = ? and name = ? and language = ?',
      context.org,
      inbox_id,
      name,
      language,
    );
    if (!found) return false;
    const before = JSON.parse(found.row) as TemplateRow;
    if (before.status !== status) await store(context, before, { ...before, status });
    return true;
  },
});

async function templatesOf({ tx, org }: CommandContext, inboxId: string): Promise<TemplateRow[]> {
  const found = await tx.all<{ row: string }>(
    'select "row" from template where org = ? and inbox_id = ? order by id',
    org,
    inboxId,
  );
  return found.map(({ row }) => JSON.parse(row));
}

function keyOf({ name, language }: { readonly name: string; readonly language: string }): string {
  return `${language} ${name}`;
}

/** @returns whether that changed anything */
async function keep(
  context: CommandContext,
  inboxId: string,
  template: ListedTemplate,
  before: TemplateRow | null,
): Promise<boolean> {
  const parameter_count = placesIn(template.body);
  if (before) {
    const now = { ...before, ...template, parameter_count };
    if (JSON.stringify(now) === JSON.stringify(before)) return false;
    await store(context, before, now);
    return true;
  }
  const row: TemplateRow = {
    id: context.newId(),
    version: context.offset,
    inbox_id: inboxId,
    ...template,
    parameter_count,
  };
  await context.tx.insertMany(
    'template',
    ['org', 'id', 'version', 'inbox_id', 'name', 'language', 'row'],
    [[context.org, row.id, row.version, inboxId, row.name, row.language, JSON.stringify(row)]],
  );
  context.changed('template', row.id, null, row);
  return true;
}

async function store(context: CommandContext, before: TemplateRow, now: TemplateRow): Promise<void> {
  const after = { ...now, version: context.offset };
  await context.tx.run(
    'update template set version = ?, "row" = ? where org = ? and id = ?',
    after.version,
    JSON.stringify(after),
    context.org,
    after.id,
  );
  context.changed('template', after.id, before, after);
}

/** Values that a text asks for: as many as its highest number. */
export function placesIn(body: string): number {
  const numbers = [...body.matchAll(/\{\{\s*(\d{1,3})\s*\}\}/g)].map(([, number]) => Number(number));
  return Math.max(0, ...numbers);
}
