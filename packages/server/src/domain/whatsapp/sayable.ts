import { type DraftMessage, Failure, type TemplateRow } from '@roost/protocol';
import type { CommandContext } from '../../commands/index.ts';

/** The platform's own bound for text beside a file. */
const CAPTION_MAX_CHARS = 1_024;

/**
 * Says of an answer what the platform would say of it later: who writes it hears it now.
 *
 * @throws request.invalid
 */
export async function assertSayable(
  context: Pick<CommandContext, 'tx' | 'org'>,
  inboxId: string,
  { text, template, uploads }: Pick<DraftMessage, 'text' | 'template' | 'uploads'>,
): Promise<void> {
  if (uploads.length > 1)
    throw new Failure(
      'request.invalid',
      'A WhatsApp message carries one file: send each in a message of its own.',
    );
  if (uploads.length > 0 && text.length > CAPTION_MAX_CHARS)
    throw new Failure(
      'request.invalid',
      `The text beside a file has at most ${CAPTION_MAX_CHARS} characters.`,
    );
  if (!template) return;
  if (uploads.length > 0) throw new Failure('request.invalid', 'A template cannot carry a file of yours.');
  await assertTemplate(context, inboxId, template);
}

/** As far as the templates are known here; before they were ever fetched, only the platform knows. */
async function assertTemplate(
  { tx, org }: Pick<CommandContext, 'tx' | 'org'>,
  inboxId: string,
  { name, language, parameters }: NonNullable<DraftMessage['template']>,
): Promise<void> {
  const found = await tx.get<{ row: string }>(
    'select "row" from template where org = ? and inbox_id = ? and name = ? and language = ?',
    org,
    inboxId,
    name,
    language,
  );
  if (!found) {
    const any = await tx.get(
      'select 1 as one from template where org = ? and inbox_id = ? limit 1',
      org,
      inboxId,
    );
    if (!any) return;
    throw new Failure('request.invalid', `This inbox has no template “${name}” in “${language}”.`);
  }
  const { status, parameter_count } = JSON.parse(found.row) as TemplateRow;
  if (status !== 'APPROVED')
    throw new Failure('request.invalid', `The template “${name}” is not approved (${status.toLowerCase()}).`);
  if (parameters.length !== parameter_count)
    throw new Failure(
      'request.invalid',
      `The template “${name}” asks for ${parameter_count} values; there are ${parameters.length}.`,
    );
}
