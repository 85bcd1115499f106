import { Failure, type FailureCode, failures } from '@roost/protocol';
import { problem } from '@roost/protocol/schema';
import { z } from 'zod';
import { problemOf } from '../problem.ts';
import {
  type AnswerShape,
  failuresOf,
  isBytes,
  isEither,
  isStreamed,
  type Route,
  rateClassOf,
} from '../route.ts';
import { tags } from '../tags.ts';
import { type Schema, SchemaWriter } from './schemas.ts';

export interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, Answer>>;
  /** Roles that may, and the scope an API token needs besides; neither where anyone may. */
  readonly 'x-roles'?: readonly string[];
  readonly 'x-scope'?: string;
  readonly 'x-failures': readonly FailureCode[];
}
export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly description?: string;
  readonly schema: Schema;
}
export type Content = Readonly<Record<string, { readonly schema?: Schema; readonly examples?: Schema }>>;
export interface Answer {
  readonly description: string;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content?: Content;
}
export interface OpenApi {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> } & Readonly<
    Record<string, unknown>
  >;
}

const ABOUT = `Lists, writes and downloads of a Roost server. Access tokens and API tokens are sent as
\`Authorization: Bearer <token>\`.

Failures are \`application/problem+json\` (RFC 9457) with a \`code\` to program against and a \`remedy\` that says what to
do. Requests are counted for each person, API token or address; \`RateLimit-Policy\` and \`RateLimit\` say how many are
left. A write takes an \`Idempotency-Key\`: the same key again gets the same answer and changes nothing.

Lists are channels of the socket, polled. \`next\` goes back as \`before\` for the page below. The \`ETag\` is a position:
send it back as \`If-None-Match\`, and \`304\` says that nothing changed, with the newer position. With \`since\` and a
\`cursor\` the answer is the one delta after it; \`cursor.unknown\` then asks for a fresh page.`;

const KEY: Parameter = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'Names this write, 1 to 200 characters of your choice. The same key again gets the answer of the first and changes nothing; for another write it is `request.repeated`.',
  schema: { type: 'string', minLength: 1, maxLength: 200 },
};

/** The OpenAPI 3.1 document of these routes. */
export function openApiOf(routes: readonly Route[], version: string): OpenApi {
  const writer = new SchemaWriter('draft-2020-12');
  const paths: Record<string, Record<string, Operation>> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] ??= {};
    paths[path][route.method.toLowerCase()] = operationOf(route, writer);
  }
  const used = new Set(routes.map(({ tag }) => tag));
  return {
    openapi: '3.1.0',
    info: {
      title: 'Roost',
      version,
      description: ABOUT,
      license: { name: 'MIT', identifier: 'MIT' },
    } as OpenApi['info'],
    servers: [{ url: '/' }],
    tags: Object.entries(tags)
      .filter(([name]) => used.has(name as Route['tag']))
      .map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: Object.fromEntries([...writer.components].sort(([a], [b]) => (a < b ? -1 : 1))),
      headers,
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'An access token of signing in, or an API token.',
        },
        cookie: {
          type: 'apiKey',
          in: 'cookie',
          name: 'roost_session',
          description: 'Set by signing in; sent to the sessions routes only.',
        },
      },
    },
  } as OpenApi;
}

const headers = {
  ETag: {
    description: 'The position of this answer, for `If-None-Match`.',
    schema: { type: 'string' },
  },
  'RateLimit-Policy': {
    description: 'How many requests (`q`) in how many seconds (`w`).',
    schema: { type: 'string' },
    example: '"person";q=6000;w=60',
  },
  RateLimit: {
    description: 'How many requests are left (`r`), and the seconds until there is one more (`t`).',
    schema: { type: 'string' },
    example: '"person";r=5999;t=1',
  },
  'Retry-After': {
    description: 'Whole seconds until a retry makes sense.',
    schema: { type: 'integer' },
  },
};

function operationOf(route: Route, writer: SchemaWriter): Operation {
  const { may, tag, summary, description } = route;
  const codes = failuresOf(route);
  const parameters = parametersOf(route, writer);
  const requestBody = bodyOf(route, writer);
  return {
    operationId: idOf(route),
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    security: securityOf(route),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(requestBody ? { requestBody } : {}),
    responses: { ...answersOf(route, writer), ...refusalsOf(codes, writer) },
    ...(may === 'anyone' ? {} : { 'x-roles': may.roles }),
    ...(may === 'anyone' || may.scope === undefined ? {} : { 'x-scope': may.scope }),
    'x-failures': codes,
  };
}

/** `GET /api/v1/messages/:id/source` as `getMessagesIdSource`. */
function idOf({ method, path }: Route): string {
  const words = path
    .replace(/^\/api\/v1/, '')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '');
  return method.toLowerCase() + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

function securityOf({ may, path }: Route): Operation['security'] {
  if (may !== 'anyone') return [{ bearer: [] }];
  return path.startsWith('/api/v1/sessions/') ? [{ cookie: [] }] : [];
}

function parametersOf(route: Route, writer: SchemaWriter): Parameter[] {
  const named = Object.entries(route.headers ?? {}).map(([name, description]) => ({
    name,
    in: 'header' as const,
    required: false,
    description,
    schema: { type: 'string' },
  }));
  return [
    ...fieldsOf(route.params, 'path', writer),
    ...fieldsOf(route.query, 'query', writer),
    ...named,
    ...(route.write ? [KEY] : []),
  ];
}

function fieldsOf(shape: z.ZodType | undefined, where: 'path' | 'query', writer: SchemaWriter): Parameter[] {
  if (!shape) return [];
  const { properties = {}, required = [] } = writer.schemaOf(shape, 'sent') as {
    properties?: Record<string, Schema>;
    required?: readonly string[];
  };
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    ...(description === undefined ? {} : { description: String(description) }),
    schema,
  }));
}

function bodyOf({ body }: Route, writer: SchemaWriter): Operation['requestBody'] {
  if (!body) return undefined;
  if (isBytes(body) || isStreamed(body)) {
    const types = body.types.map((type) => [type === '*' ? '*/*' : type, {}] as const);
    return { required: true, content: Object.fromEntries(types) };
  }
  const schema = isEither(body)
    ? { oneOf: [writer.schemaOf(body.lacks, 'sent'), writer.schemaOf(body.has, 'sent')] }
    : writer.schemaOf(body, 'sent');
  return { required: true, content: { 'application/json': { schema } } };
}

function answersOf(route: Route, writer: SchemaWriter): Record<string, Answer> {
  const counted = rateClassOf(route) === 'unlimited' ? [] : ['RateLimit-Policy', 'RateLimit'];
  return Object.fromEntries(
    Object.entries(route.answers).map(([status, shape]) => {
      const names =
        'If-None-Match' in (route.headers ?? {}) || '304' in route.answers ? ['ETag', ...counted] : counted;
      const content = contentOf(shape, writer);
      return [
        status,
        { description: wordsOf(status), ...referredHeaders(names), ...(content ? { content } : {}) },
      ];
    }),
  );
}

function wordsOf(status: string): string {
  const words: Record<string, string> = {
    '200': 'Done.',
    '201': 'Stored.',
    '202': 'Taken; it is worked on.',
    '204': 'Done; there is nothing to tell.',
    '304': 'As you hold it.',
  };
  return words[status] ?? 'Told in the same shape.';
}

function contentOf(shape: AnswerShape, writer: SchemaWriter): Content | null {
  if (shape === null) return null;
  if (shape instanceof z.ZodType)
    return { 'application/json': { schema: writer.schemaOf(shape, 'answered') } };
  return { [shape.type]: {} };
}

/** Failures by status: their codes with their sentences, and each as an example. */
function refusalsOf(codes: readonly FailureCode[], writer: SchemaWriter): Record<string, Answer> {
  const statuses = [...new Set(codes.map((code) => failures[code].http))].sort((a, b) => a - b);
  const schema = writer.schemaOf(problem, 'answered');
  return Object.fromEntries(
    statuses.map((status) => {
      const ofStatus = codes.filter((code) => failures[code].http === status);
      const examples = ofStatus.map((code) => [code, { value: problemOf(new Failure(code), 'm1-1') }]);
      return [
        String(status),
        {
          description: ofStatus.map((code) => `\`${code}\`: ${failures[code].says}`).join('\n\n'),
          ...referredHeaders(status === 429 ? ['Retry-After', 'RateLimit-Policy', 'RateLimit'] : []),
          content: { 'application/problem+json': { schema, examples: Object.fromEntries(examples) } },
        },
      ];
    }),
  );
}

function referredHeaders(names: readonly string[]): Pick<Answer, 'headers'> {
  if (names.length === 0) return {};
  return {
    headers: Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }])),
  };
}
