import type { Call } from './faults.ts';
import type { Files } from './files.ts';
import { readForm } from './files.ts';
import type { SimulatorSettings } from './settings.ts';

/** A call of the API, read. */
export interface Request {
  readonly method: string;
  /** Without the version. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  /** Where the simulator is, as the caller sees it. */
  readonly origin: string;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Buffer | Record<string, unknown>;
}

/** What calls do to the simulated world. */
export interface Effects {
  readonly settings: SimulatorSettings;
  readonly files: Files;
  /** A message was taken. @returns its id */
  sent(message: Record<string, unknown>): string;
  /** Somebody's message was marked as read. @returns false when there is none of this id */
  read(messageId: string): boolean;
  /** Whether one more may be sent this second. */
  mayStillSend(): boolean;
}

/** An answer that is an error, thrown by whoever finds it. */
export class Refused extends Error {
  constructor(readonly answer: Answer) {
    super('refused');
  }
}

export function refusal(
  status: number,
  code: number,
  message: string,
  details = '',
  headers: Readonly<Record<string, string>> = {},
): Answer {
  const error_data = { messaging_product: 'whatsapp', details };
  const type = code === 190 || code === 0 ? 'OAuthException' : 'GraphMethodException';
  return {
    status,
    headers,
    body: { error: { message: `(#${code}) ${message}`, type, code, error_data, fbtrace_id: 'simulated' } },
  };
}

/** Which kind of call it is, for faults that wait for one. */
export function callOf({ method, path, body }: Request): Call | null {
  const last = path.at(-1);
  if (method === 'POST' && last === 'messages') return isReadMark(body) ? 'read_marks' : 'messages';
  if (method === 'POST' && last === 'media') return 'upload';
  if (path[0] === 'files') return 'download';
  if (last === 'message_templates') return 'templates';
  return path.length === 1 ? 'media' : null;
}

function isReadMark(body: Buffer): boolean {
  return /"status"\s*:\s*"read"/.test(body.toString('utf8', 0, 1_000));
}

/** Answers as the Cloud API does. @throws Refused */
export function answerCall(request: Request, effects: Effects): Answer {
  const { settings } = effects;
  const { method, path } = request;
  authorise(request, settings.token);
  const [first = '', second] = path;
  if (first === 'files' && method === 'GET') return download(second ?? '', effects);
  if (second === 'messages' && method === 'POST') return messages(first, request, effects);
  if (second === 'media' && method === 'POST') return upload(first, request, effects);
  if (second === 'message_templates' && method === 'GET') return templates(first, request, settings);
  if (second === 'phone_numbers' && method === 'GET') {
    checkId(first, settings.account_id);
    return { status: 200, body: { data: [numberOf(settings)] } };
  }
  if (second === 'subscribed_apps') return { status: 200, body: { success: true } };
  if (second !== undefined) throw new Refused(refusal(400, 2500, `Unknown path components: /${second}`));
  if (method === 'GET' && first === settings.phone_number_id)
    return { status: 200, body: numberOf(settings) };
  const file = effects.files.get(first);
  if (!file)
    throw new Refused(refusal(400, 100, `Unsupported request. Object with ID '${first}' does not exist`));
  if (method === 'DELETE') return { status: 200, body: { success: effects.files.delete(first) } };
  return {
    status: 200,
    body: {
      messaging_product: 'whatsapp',
      id: first,
      url: `${request.origin}/v0/files/${first}`,
      mime_type: file.content_type,
      file_size: file.bytes.length,
    },
  };
}

function authorise({ headers }: Request, token: string): void {
  if (headers.authorization === `Bearer ${token}`) return;
  throw new Refused(refusal(401, 190, 'Invalid OAuth access token - Cannot parse access token'));
}

function checkId(given: string, wanted: string): void {
  if (given === wanted) return;
  const message = `Unsupported request. Object with ID '${given}' does not exist, cannot be loaded due to missing permissions`;
  throw new Refused(refusal(400, 100, message));
}

function numberOf({ phone_number_id, display_phone }: SimulatorSettings) {
  return {
    id: phone_number_id,
    display_phone_number: `+${display_phone}`,
    verified_name: 'Simulated business',
    quality_rating: 'GREEN',
    code_verification_status: 'VERIFIED',
  };
}

function messages(numberId: string, request: Request, effects: Effects): Answer {
  const { settings } = effects;
  checkId(numberId, settings.phone_number_id);
  const message = jsonOf(request.body);
  if (message.messaging_product !== 'whatsapp') {
    throw new Refused(refusal(400, 100, 'The parameter messaging_product is required.'));
  }
  if (message.status === 'read') {
    if (!effects.read(String(message.message_id))) {
      throw new Refused(refusal(400, 100, 'Invalid parameter', 'There is no such message.'));
    }
    return { status: 200, body: { success: true } };
  }
  if (!effects.mayStillSend()) {
    throw new Refused(
      refusal(429, 130429, 'Rate limit hit', 'Too many messages a second', { 'retry-after': '1' }),
    );
  }
  const to = message.to ?? message.recipient;
  if (typeof to !== 'string' || to === '' || (message.to !== undefined && !/^\+?\d{5,20}$/.test(to))) {
    throw new Refused(refusal(400, 131009, 'Parameter value is not valid', 'to is not a number'));
  }
  checkContent(message, effects);
  const id = effects.sent(message);
  const wa_id = to.replace(/^\+/, '');
  return {
    status: 200,
    body: { messaging_product: 'whatsapp', contacts: [{ input: to, wa_id }], messages: [{ id }] },
  };
}

const MEDIA = ['image', 'video', 'audio', 'document', 'sticker'];

function checkContent(message: Record<string, unknown>, { files, settings }: Effects): void {
  const type = typeof message.type === 'string' ? message.type : 'text';
  const content = message[type];
  if (typeof content !== 'object' || content === null) {
    throw new Refused(refusal(400, 131008, 'Required parameter is missing', `${type} is missing`));
  }
  const said = content as Record<string, unknown>;
  if (type === 'text') {
    const { body } = said;
    if (typeof body !== 'string' || body === '' || body.length > 4_096) {
      throw new Refused(refusal(400, 100, 'Param text["body"] must be at most 4096 characters long.'));
    }
  } else if (MEDIA.includes(type)) {
    if (said.link === undefined && !files.get(String(said.id))) {
      throw new Refused(refusal(400, 131009, 'Parameter value is not valid', 'There is no such media.'));
    }
  } else if (type === 'template') checkTemplate(said, settings);
  else if (type !== 'reaction' && type !== 'location' && type !== 'contacts' && type !== 'interactive') {
    throw new Refused(refusal(400, 100, `Param type must be one of text, image, …; it is ${type}`));
  }
}

function checkTemplate(said: Record<string, unknown>, { templates }: SimulatorSettings): void {
  const language = (said.language as { code?: unknown } | undefined)?.code;
  const known = templates.find((one) => one.name === said.name && one.language === language);
  if (!known || known.status === 'PENDING' || known.status === 'REJECTED') {
    const details = `template name (${String(said.name)}) does not exist in ${String(language)}`;
    throw new Refused(refusal(404, 132001, 'Template name does not exist in the translation', details));
  }
  if (known.status === 'PAUSED') throw new Refused(refusal(400, 132015, 'Template is paused'));
  const components = (Array.isArray(said.components) ? said.components : []) as {
    type?: string;
    parameters?: unknown[];
  }[];
  const given = components.find((one) => one.type === 'body')?.parameters?.length ?? 0;
  const wanted = new Set(known.body.match(/\{\{\d+\}\}/g) ?? []).size;
  if (given === wanted) return;
  const details = `body: number of localizable_params (${given}) does not match the expected number of params (${wanted})`;
  throw new Refused(
    refusal(400, 132000, 'Number of parameters does not match the expected number of params', details),
  );
}

function upload(numberId: string, { body, headers }: Request, { files, settings }: Effects): Answer {
  checkId(numberId, settings.phone_number_id);
  const form = readForm(body, String(headers['content-type'] ?? ''));
  if (!form?.file || form.fields.get('messaging_product') !== 'whatsapp') {
    throw new Refused(refusal(400, 100, '(#100) Param file must be uploaded'));
  }
  if (form.file.bytes.length === 0)
    throw new Refused(refusal(400, 131053, 'Media upload error', 'The file is empty'));
  return { status: 200, body: { id: files.put(form.file).id } };
}

function download(id: string, { files }: Effects): Answer {
  const file = files.get(id);
  if (!file) throw new Refused({ status: 404, body: Buffer.from('') });
  return { status: 200, headers: { 'content-type': file.content_type }, body: file.bytes };
}

function templates(accountId: string, { query, origin, path }: Request, settings: SimulatorSettings): Answer {
  checkId(accountId, settings.account_id);
  const limit = Math.min(Math.max(Number(query.get('limit') ?? 25) || 25, 1), 1_000);
  const start = Number(Buffer.from(query.get('after') ?? '', 'base64').toString() || 0) || 0;
  const page = settings.templates.slice(start, start + limit);
  const end = start + page.length;
  const cursors = {
    before: Buffer.from(String(start)).toString('base64'),
    after: Buffer.from(String(end)).toString('base64'),
  };
  const hasNext = end < settings.templates.length;
  return {
    status: 200,
    body: {
      data: page.map(({ name, language, category, status, body }, index) => ({
        id: String(594_425_479_000_000 + start + index),
        name,
        language,
        category,
        status,
        components: [{ type: 'BODY', text: body }],
      })),
      paging: {
        cursors,
        ...(hasNext && { next: `${origin}/v0/${path.join('/')}?after=${cursors.after}&limit=${limit}` }),
      },
    },
  };
}

function jsonOf(body: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
  } catch {
    // told below
  }
  throw new Refused(refusal(400, 100, 'The body is no JSON object.'));
}
