import libmime from 'libmime';
import { FILENAME_MAX_CHARS } from './limits.ts';
import { cutChars, oneLine, withoutDirections } from './text.ts';

/** Separators of paths, and what Windows refuses in a name. */
const NOT_IN_NAMES = /[/\\:*?"<>|]/g;
const EXTENSION = /\.[^.\s]{1,20}$/;

/** What has no name of its own and no ending that anybody knows. */
const USUAL_NAMES: Readonly<Record<string, string>> = {
  'message/delivery-status': 'delivery-status.txt',
  'message/global-delivery-status': 'delivery-status.txt',
  'message/disposition-notification': 'disposition-notification.txt',
  'message/feedback-report': 'feedback-report.txt',
  'text/rfc822-headers': 'headers.txt',
};

/**
 * A name under which a person may save an attachment anywhere: one component of a path, nothing invisible that
 * hides its real ending.
 *
 * @param index  place among the mail's attachments, for one without a usable name
 */
export function safeFilename(name: string, contentType: string, index: number): string {
  const safe = withoutDirections(oneLine(name.normalize('NFC')))
    .replace(/[\u200B\u2060\uFEFF]/g, '')
    .replace(NOT_IN_NAMES, '_')
    .replace(/^[.\s]+|[.\s]+$/g, '');
  if (safe === '')
    return USUAL_NAMES[contentType] ?? `attachment-${index + 1}.${libmime.detectExtension(contentType)}`;
  if (safe.length <= FILENAME_MAX_CHARS) return safe;
  const extension = EXTENSION.exec(safe)?.[0] ?? '';
  return cutChars(safe, FILENAME_MAX_CHARS - extension.length) + extension;
}
