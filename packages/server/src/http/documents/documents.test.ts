import { createHash } from 'node:crypto';
import asyncApiSchema from '@asyncapi/specs/schemas/3.0.0-without-$id.json' with { type: 'json' };
import { downFrame, eventData, upFrame } from '@roost/protocol/schema';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openWorld, type World } from '../testing/world.ts';
import type { AsyncApi } from './asyncapi.ts';
import type { OpenApi } from './openapi.ts';

let world: World;
let rest: OpenApi;
let socket: AsyncApi;
beforeAll(async () => {
  world = await openWorld();
  rest = (await world.ask('GET', '/api/v1/openapi.json')).json();
  socket = (await world.ask('GET', '/api/v1/asyncapi.json')).json();
});
afterAll(() => world.close());

const operations = () => Object.values(rest.paths).flatMap((methods) => Object.values(methods));

describe('the OpenAPI document', () => {
  test('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(
      structuredClone(rest) as unknown as Record<string, unknown>,
    );
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
    expect(validator.version).toBe('3.1');
    const broken = await new Validator().validate({ ...structuredClone(rest), paths: { '/x': { get: 7 } } });
    expect(broken.valid).toBe(false);
  });

  test('holds every route, each with an id of its own', () => {
    const documented = Object.entries(rest.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const served = world.routes.map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`);
    expect(documented.sort()).toEqual(served.sort());
    const ids = operations().map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('has no two paths that differ only by the name of a parameter', () => {
    const shapes = Object.keys(rest.paths).map((path) => path.replace(/\{\w+\}/g, '{}'));
    expect(new Set(shapes).size).toBe(shapes.length);
  });

  test('names what it refers to', () => {
    expect(unresolved(rest)).toEqual([]);
  });

  test('tells an entity once, by its name', () => {
    const { rows } = answerOf('getMessagesId', '200').anyOf[0].properties;
    expect(rows).toEqual({ type: 'array', items: { $ref: '#/components/schemas/OpenMessage' } });
    expect(rest.components.schemas.OpenMessage).toMatchObject({
      type: 'object',
      required: expect.arrayContaining(['id', 'version', 'content']),
    });
  });

  test('lists a query field with its bounds and its default', () => {
    const inbox = operations().find(({ operationId }) => operationId === 'getInbox');
    expect(inbox?.parameters?.find(({ name }) => name === 'limit')).toMatchObject({
      in: 'query',
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: 200 },
    });
  });

  test('says of each failure what it means, with an example', () => {
    const { responses } = operations().find(({ operationId }) => operationId === 'getMessagesId') ?? {};
    expect(responses?.['404']?.description).toContain('`message.unknown`: There is no such message.');
    const examples = responses?.['404']?.content?.['application/problem+json']?.examples;
    expect(examples).toMatchObject({ 'message.unknown': { value: { status: 404, remedy: 'give-up' } } });
  });

  test('asks for an Idempotency-Key on every write, and nowhere else', () => {
    for (const route of world.routes) {
      const path = route.path.replace(/:(\w+)/g, '{$1}');
      const { parameters = [] } = rest.paths[path]?.[route.method.toLowerCase()] ?? {};
      const asks = parameters.some(({ name }) => name === 'Idempotency-Key');
      expect([route.method, route.path, asks]).toEqual([route.method, route.path, route.write === true]);
    }
  });

  function answerOf(id: string, status: string) {
    const operation = operations().find(({ operationId }) => operationId === id);
    return operation?.responses[status]?.content?.['application/json']?.schema as {
      anyOf: [{ properties: Record<string, unknown> }];
    };
  }
});

describe('the AsyncAPI document', () => {
  test('is valid AsyncAPI 3.0', () => {
    const validate = new Ajv({
      strict: false,
      allErrors: true,
      logger: false,
      validateFormats: false,
    }).compile(asyncApiSchema);
    validate(socket);
    expect(validate.errors).toBeNull();
    expect(validate({ ...socket, operations: { broken: { action: 'shout' } } })).toBe(false);
  });

  test('holds every frame in both directions, and what answers it', () => {
    const types = (frames: { options: readonly { shape: { type: { value: string } } }[] }) =>
      frames.options.map(({ shape }) => shape.type.value);
    const expected = [
      ...types(upFrame).map((type) => `up.${type}`),
      ...types(downFrame).map((type) => `down.${type}`),
    ];
    expect(Object.keys(socket.components.messages).sort()).toEqual(expected.sort());
    expect(socket.operations['receive.fetch']?.reply?.messages).toEqual([
      { $ref: '#/channels/socket/messages/down.page' },
      { $ref: '#/channels/socket/messages/down.error' },
    ]);
  });

  test('tells the fields of every event', () => {
    for (const event of Object.keys(eventData)) {
      expect(socket.components.schemas).toHaveProperty(event.replace(':', '_'));
    }
    expect(socket.components.messages['down.event']?.payload).toMatchObject({
      properties: {
        data: { anyOf: expect.arrayContaining([{ $ref: '#/components/schemas/message_received' }]) },
      },
    });
  });

  test('names what it refers to', () => {
    expect(unresolved(socket)).toEqual([]);
  });
});

describe('the page for people', () => {
  test('runs nothing, and styles itself by its own digest', async () => {
    const { headers, body } = await world.ask('GET', '/api/docs');
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    const style = /<style>([\s\S]*?)<\/style>/.exec(body)?.[1] ?? '';
    const digest = createHash('sha256').update(style).digest('base64');
    expect(headers['content-security-policy']).toBe(
      `default-src 'none'; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
    expect(body).not.toMatch(/<script|\son\w+=|style="/i);
  });

  test('shows every route and every frame, and no link leads nowhere', async () => {
    const { body } = await world.ask('GET', '/api/docs');
    const ids = new Set([...body.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
    for (const { operationId } of operations()) expect(ids).toContain(operationId);
    for (const key of Object.keys(socket.components.messages)) expect(ids).toContain(key);
    const dangling = [...body.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id).filter((id) => !ids.has(id));
    expect(dangling).toEqual([]);
  });

  test.each(['/api/docs', '/api/v1/openapi.json', '/api/v1/asyncapi.json'])(
    '%s is not sent again to who has it',
    async (url) => {
      const { headers } = await world.ask('GET', url);
      const again = await world.ask('GET', url, { headers: { 'if-none-match': String(headers.etag) } });
      expect([again.statusCode, again.body]).toEqual([304, '']);
    },
  );
});

/** References that lead nowhere in their own document. */
function unresolved(document: unknown): string[] {
  const found: string[] = [];
  JSON.stringify(document, (key, value: unknown) => {
    if (key === '$ref' && typeof value === 'string' && !leadsSomewhere(document, value)) found.push(value);
    return value;
  });
  return found;
}

function leadsSomewhere(document: unknown, reference: string): boolean {
  const steps = reference.slice(2).split('/');
  const end = steps.reduce<unknown>(
    (at, step) => (at as Record<string, unknown> | undefined)?.[step],
    document,
  );
  return reference.startsWith('#/') && end !== undefined;
}
